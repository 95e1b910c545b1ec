// Numbers and parts of pages from the server, and how parts come into the page.

import { shortDateTime } from './format.js';

/** An answer that takes longer never comes, as when the line is dead and nobody said so. */
const Patience = 30_000;

/** @param {AbortSignal} [signal] ends it when nobody wants the answer any more */
async function fetchOk(address, accept, signal) {
  const patience = AbortSignal.timeout(Patience);
  const answer = await fetch(address, { headers: { accept }, signal: signal ? AbortSignal.any([signal, patience]) : patience });
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

/** Fetches numbers. */
export const fetchJson = async (address, signal) => (await fetchOk(address, 'application/json', signal)).json();

/** Fetches a part of a page as HTML; the server has escaped what is in it. */
export async function fetchPart(address, signal) {
  const template = document.createElement('template');
  template.innerHTML = await (await fetchOk(address, 'text/html', signal)).text();
  showClocks(template.content);
  return template.content;
}

// What the page shows was deleted, by somebody else or in another tab.
document.addEventListener('gone', () => { document.getElementById('gone').hidden = false; });

/** Times of the clock where the reader is, as on the charts; the server knows only UTC. */
export function showClocks(root) {
  root.querySelectorAll('time[data-clock]').forEach(time => { time.textContent = shortDateTime(Date.parse(time.dateTime)); });
}

/**
 * Puts new children in place of old ones that differ, by their data-key; what has the focus keeps it.
 * @param {Element} parent
 * @param {DocumentFragment} part the new ones
 * @param {boolean} isWhole whether they are all there are, in their order
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
