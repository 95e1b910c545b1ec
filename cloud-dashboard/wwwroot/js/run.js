// A run: charts, the heat map beside them, and the parts of the page that events change.

import { fetchPart } from './parts.js';
import { throttled } from './live.js';
import { Board } from './board.js';
import { Heat } from './heat.js';

const root = document.getElementById('charts');
const board = new Board(root);
const heatFigure = document.getElementById('heat');

if (heatFigure) {
  const heat = new Heat(heatFigure, board.charts.find(chart => chart.figure.dataset.chart === 'alignment_loss'));
  board.observers.push(throttled(1000, () => heat.draw()));
}

const replace = async (id, part) => document.getElementById(id)?.replaceWith(...(await fetchPart(`/runs/${board.runId}/${part}`)).children);
const facts = throttled(1000, () => replace('run-facts', 'facts'));
const events = throttled(2000, () => Promise.all([replace('run-events', 'events'), replace('run-confusion', 'confusion')]));

board.observers.push(data => {
  if (data) { facts(); }
  if (data?.events > 0) { events(); }
});
board.live();
