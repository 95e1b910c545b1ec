// Keeps the table of the fleet up to date: as a rule only the rows of boards that reported are fetched.

import { fetchPart, replaceKeyed } from './site.js';
import { listen, throttled } from './live.js';

const rows = document.getElementById('fleet-rows');
const changed = new Set();
/** Boards of other pages, or that the search leaves out. */
const elsewhere = new Set();
let wantsPage = false;

// Among many boards a record waits for the next turn: half a second keeps it well below one.
const refresh = throttled(500, async () => {
  const shown = new Set([...rows.children].map(row => row.dataset.key));
  const ids = [...changed].filter(id => shown.has(id));
  const isNew = [...changed].some(id => !shown.has(id) && !elsewhere.has(id));
  changed.forEach(id => shown.has(id) || elsewhere.add(id));
  changed.clear();
  if (wantsPage || isNew) {
    wantsPage = false;
    replaceKeyed(rows, await fetchPart(`/fleet/page${location.search}`), true);
    [...rows.children].forEach(row => elsewhere.delete(row.dataset.key));
  } else if (ids.length > 0) {
    replaceKeyed(rows, await fetchPart(`/fleet/rows?${new URLSearchParams(ids.map(id => ['id', id]))}`));
  }
  const counts = (await fetchPart(`/fleet/counts${location.search}`)).firstElementChild;
  const old = document.getElementById('fleet-counts');
  if (!old.isEqualNode(counts) && !old.contains(document.activeElement)) {
    old.replaceWith(counts);
  }
});

function all() {
  wantsPage = true;
  refresh();
}

if (rows) {
  listen('', { devices: ids => { ids.forEach(id => changed.add(id)); refresh(); }, reset: all });
  // A board that falls silent says nothing: its state is looked at again anyway.
  setInterval(all, 10_000);
} else if (!document.querySelector('.filters')) {
  // The first board's first report turns the first steps into a fleet.
  listen('', { devices: () => location.reload() });
}
