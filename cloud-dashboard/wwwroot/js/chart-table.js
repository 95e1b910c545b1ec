// The numbers of a chart as a table, for those who read rather than see.

import { make } from './dom.js';

export function toggleTable(chart, button) {
  const open = button.getAttribute('aria-expanded') !== 'true';
  button.setAttribute('aria-expanded', String(open));
  button.textContent = open ? 'Hide table' : 'Show as table';
  chart.table.hidden = !open;
  if (open) { fillTable(chart); }
}

/** What is shown, in at most 60 rows, newest first. */
export function fillTable(chart) {
  const x = chart.u.data[0], { min, max } = chart.u.scales.x;
  const inside = [...x.keys()].filter(i =>
    x[i] >= min && x[i] <= max && chart.keys.some((_, k) => chart.u.data[1 + 4 * k][i] != null));
  const every = Math.max(1, Math.ceil(inside.length / 60));
  const head = make('tr', {},
    make('th', { scope: 'col', textContent: chart.board.view.x === 'step' ? 'Step' : 'Time' }),
    ...chart.labels.map(label => make('th', { scope: 'col', className: 'num', textContent: label })));
  const rows = inside.reverse().filter((_, n) => n % every === 0).map(i => make('tr', {},
    make('th', { scope: 'row', textContent: chart.at(i).replace('Step ', '') }),
    ...chart.values(i).map(value => make('td', { className: 'num', textContent: chart.format(value) }))));
  chart.table.tabIndex = 0;
  chart.table.setAttribute('role', 'region');
  chart.table.setAttribute('aria-label', `${chart.title}, as a table`);
  chart.table.replaceChildren(make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)));
}
