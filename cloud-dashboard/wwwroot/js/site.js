// What every page has: colours, times that grow, forms that send themselves.

document.documentElement.classList.add('script');

const themeButton = document.getElementById('theme');
const systemDark = matchMedia('(prefers-color-scheme: dark)');

export const isDark = () => (document.documentElement.dataset.theme ?? (systemDark.matches ? 'dark' : 'light')) === 'dark';

function showTheme() {
  themeButton.ariaLabel = isDark() ? 'Change to light colours' : 'Change to dark colours';
  themeButton.title = themeButton.ariaLabel;
  document.dispatchEvent(new Event('theme'));
}

themeButton.hidden = false;
themeButton.addEventListener('click', () => {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  showTheme();
});
systemDark.addEventListener('change', showTheme);
showTheme();

/** A duration in its two largest units; the same as Format.Span on the server. */
export function span(seconds) {
  const s = Math.floor(seconds), min = Math.floor(s / 60), h = Math.floor(s / 3600), d = Math.floor(s / 86400);
  return s < 60 ? `${s} s` : min < 60 ? `${min} min` : h < 48 ? `${h} h ${min % 60} min` : `${d} d ${h % 24} h`;
}

function showAgo() {
  const now = Date.now();
  for (const time of document.querySelectorAll('time[data-ago]')) {
    const seconds = (now - Date.parse(time.dateTime)) / 1000;
    const text = seconds < 1 ? 'now' : `${span(seconds)} ago`;
    if (time.textContent !== text) {
      time.textContent = text;
    }
  }
}

setInterval(showAgo, 1000);

const clock = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Times of the clock where the reader is, as on the charts; the server knows only UTC. */
function showClocks(root) {
  root.querySelectorAll('time[data-clock]').forEach(time => { time.textContent = clock.format(Date.parse(time.dateTime)); });
}

showClocks(document);

for (const form of document.querySelectorAll('form[data-auto-submit]')) {
  form.addEventListener('change', () => form.requestSubmit());
  // Empty fields would only make the address long.
  form.addEventListener('submit', () => {
    for (const field of form.elements) {
      field.disabled ||= field.name !== '' && field.value === '';
    }
  });
}

for (const form of document.querySelectorAll('form[data-confirm]')) {
  form.addEventListener('submit', event => {
    if (!confirm(form.dataset.confirm)) {
      event.preventDefault();
    }
  });
}

async function fetchOk(address, accept) {
  const answer = await fetch(address, { headers: { accept } });
  // Logged out, here or in another tab: the page itself leads to the login and back.
  if (answer.status === 401 || answer.redirected) {
    location.reload();
  }
  if (answer.status === 404) {
    document.dispatchEvent(new Event('gone'));
  }
  if (!answer.ok || answer.redirected) {
    throw new Error(`${address} must be answered with 200; was ${answer.status}${answer.redirected ? ` from ${answer.url}` : ''}.`);
  }
  return answer;
}

// What the page shows was deleted, by somebody else or in another tab.
document.addEventListener('gone', () => {
  const main = document.getElementById('content'), link = Object.assign(document.createElement('a'), { href: '/', textContent: 'See the fleet' });
  const notice = Object.assign(document.createElement('p'), { className: 'notice bad', textContent: 'This was deleted meanwhile; what you see is what was read before. ' });
  notice.setAttribute('role', 'alert');
  notice.append(link);
  main.prepend(notice);
}, { once: true });

/** Fetches numbers. */
export const fetchJson = async address => (await fetchOk(address, 'application/json')).json();

/** Fetches a part of a page as HTML; the server has escaped what is in it. */
export async function fetchPart(address) {
  const template = document.createElement('template');
  template.innerHTML = await (await fetchOk(address, 'text/html')).text();
  showClocks(template.content);
  return template.content;
}

/**
 * Puts new children in place of old ones that differ; what has the focus keeps it.
 * @param isWhole whether the new ones are all there are, in their order
 */
export function replaceKeyed(parent, part, isWhole = false) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  const known = new Map([...parent.children].map(child => [child.dataset.key, child])), fresh = [...part.children];
  const next = fresh.map(one => known.get(one.dataset.key)?.isEqualNode(one) ? known.get(one.dataset.key) : one);
  if (isWhole && [...known.keys()].join() !== fresh.map(one => one.dataset.key).join()) {
    parent.replaceChildren(...next);
  } else {
    next.forEach(one => { if (!one.isConnected) { known.get(one.dataset.key)?.replaceWith(one); } });
  }
  if (focused && !parent.contains(document.activeElement)) {
    parent.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }
}
