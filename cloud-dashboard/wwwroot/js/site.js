// What every page has: colours, times that grow, forms that send themselves.

import { span } from './format.js';
import { showClocks } from './parts.js';

document.documentElement.classList.add('script');

const themeButton = document.getElementById('theme');
const systemDark = matchMedia('(prefers-color-scheme: dark)');

const isDark = () => (document.documentElement.dataset.theme ?? (systemDark.matches ? 'dark' : 'light')) === 'dark';

/** What is drawn in the colours of the theme listens to the event "theme". */
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
