// Keeps the table of the fleet up to date: as a rule only the rows of boards that reported are fetched.

import { fetchPart, replaceKeyed } from './parts.js';
import { listen, repeated, throttled } from './live.js';

const rows = document.getElementById('fleet-rows');
/** Boards that have reported. */
const changed = new Set();
/** Boards of other pages, or that the search leaves out. */
const elsewhere = new Set();
let wantsPage = false;

// Among many boards a record waits for the next turn: half a second keeps it well below one.
const refresh = throttled(500, async () => {
  try {
    await update();
  } catch (error) {
    // What was to be fetched is forgotten: next time it is all.
    wantsPage = true;
    throw error;
  }
});

async function update() {
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
}

function all() {
  wantsPage = true;
  refresh();
}

if (rows) {
  listen('', {
    devices: ids => {
      ids.forEach(id => changed.add(id));
      refresh();
    },
    reset: all,
  });
  repeated(10_000, all);
} else if (!document.querySelector('.filters')) {
  // The first board's first report turns the first steps into a fleet.
  listen('', { devices: () => location.reload(), reset: () => location.reload() });
}
