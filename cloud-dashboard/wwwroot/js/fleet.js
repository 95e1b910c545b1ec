// Keeps the table of the fleet up to date: only the rows of boards that reported are fetched.

import { fetchPart, replaceKeyed } from './site.js';
import { listen, throttled } from './live.js';

const rows = document.getElementById('fleet-rows');
const changed = new Set();

const refresh = throttled(1000, async () => {
  const shown = new Set([...rows.children].map(row => row.dataset.key));
  const ids = [...changed].filter(id => shown.has(id));
  changed.clear();
  if (ids.length > 0) {
    replaceKeyed(rows, await fetchPart(`/fleet/rows?${new URLSearchParams(ids.map(id => ['id', id]))}`));
  }
  const counts = (await fetchPart(`/fleet/counts${location.search}`)).firstElementChild;
  const old = document.getElementById('fleet-counts');
  if (!old.isEqualNode(counts) && !old.contains(document.activeElement)) {
    old.replaceWith(counts);
  }
});

function all() {
  for (const row of rows.children) {
    changed.add(row.dataset.key);
  }
  refresh();
}

if (rows) {
  listen('', { devices: ids => { ids.forEach(id => changed.add(id)); refresh(); }, reset: all });
  // A board that falls silent says nothing: its state is looked at again anyway.
  setInterval(all, 30_000);
} else if (!document.querySelector('.filters')) {
  // The first board's first report turns the first steps into a fleet.
  listen('', { devices: () => location.reload() });
}
