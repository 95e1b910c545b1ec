// Cursor of a chart: the box beside it, and the keyboard.

import { sample } from './chart-lines.js';
import { marksOf } from './chart-marks.js';
import { make } from './dom.js';

/** Most lines of the box beside the cursor. */
const TipLines = 12;
/** An event within so many pixels of the cursor is named beside it. */
const NearMark = 6;

/** The cursor has moved: here, or in another chart of the page. */
export function onCursor(chart, u) {
  const { idx, left } = u.cursor;
  chart.showValues(left >= 0 ? idx : null);
  const own = left >= 0 && idx != null && (u.over.matches(':hover') || document.activeElement === chart.area);
  chart.tip.hidden = !own;
  if (own) { showTip(chart, u, idx, left); }
}

/** The lines that are shown, with their values at a column, from the highest down. */
function sorted(chart, idx) {
  const number = (column, at) => at === null ? null : chart.u.data[column][at];
  return chart.places(idx)
    .map((at, i) => ({ value: number(1 + 4 * i, at), raw: number(2 + 4 * i, at), label: chart.labels[i], i }))
    .filter(one => one.value != null && !chart.board.view.hidden.has(chart.keys[one.i]))
    .sort((a, b) => b.value - a.value);
}

function showTip(chart, u, idx, left) {
  const all = sorted(chart, idx), here = u.posToVal(u.cursor.top, 'y');
  // Of many lines those near the cursor.
  const near = new Set([...all].sort((a, b) => Math.abs(a.value - here) - Math.abs(b.value - here)).slice(0, TipLines));
  const events = marksOf(chart, u).filter(mark => Math.abs(mark.at - u.bbox.left - left * devicePixelRatio) < NearMark * devicePixelRatio);
  chart.tip.replaceChildren(
    make('p', { textContent: chart.at(idx) }),
    ...[...new Set(events.map(mark => mark.kind))].map(kind => make('p', { className: 'tip-event', textContent: kind })),
    ...all.filter(one => near.has(one)).map(one => {
      const raw = chart.board.view.smooth > 0 ? make('span', { className: 'muted', textContent: chart.format(one.raw) }) : '';
      const value = make('b', { textContent: chart.format(one.value) });
      return make('div', {}, sample(one.i), make('span', { textContent: one.label }), value, raw);
    }),
    ...all.length > near.size ? [make('p', { textContent: `and ${all.length - near.size} more` })] : []);
  const over = u.over.getBoundingClientRect(), frame = chart.figure.getBoundingClientRect();
  const at = over.left - frame.left + left, wide = chart.tip.offsetWidth;
  chart.tip.style.left = `${at + 14 + wide > frame.width ? Math.max(4, at - 14 - wide) : at + 14}px`;
  chart.tip.style.top = `${over.top - frame.top + 22}px`;
}

/** Puts the cursor of a chart that was just made where it was before, if that is in the view. */
export function keepCursor(chart, x) {
  // uPlot has its scales only after a microtask of its own.
  queueMicrotask(() => {
    const { min, max } = chart.u.scales.x;
    if (x >= min && x <= max) { toIndex(chart, chart.u.valToIdx(x)); }
  });
}

function toIndex(chart, idx) {
  const left = chart.u.valToPos(chart.u.data[0][idx], 'x');
  chart.u.setCursor({ left, top: chart.u.over.clientHeight / 2 });
}

/** Zooms by a factor around a place on the axis. */
export function zoomBy(chart, factor, around) {
  const { min, max } = chart.u.scales.x;
  chart.board.zoom(chart.board.stored(around - (around - min) * factor), chart.board.stored(around + (max - around) * factor));
}

export function onKey(chart, event) {
  if (!chart.u || event.altKey || event.ctrlKey || event.metaKey) { return; }
  const { data, scales: { x: { min, max } } } = chart.u;
  const first = data[0].findIndex(x => x >= min), last = data[0].findLastIndex(x => x <= max);
  const now = chart.u.cursor.idx ?? last, middle = data[0][now] ?? (min + max) / 2;
  const pan = by => chart.board.zoom(chart.board.stored(min + by * (max - min)), chart.board.stored(max + by * (max - min)));
  const go = idx => {
    toIndex(chart, Math.min(last, Math.max(first, idx)));
    const at = chart.u.cursor.idx;
    chart.board.say(`${chart.at(at)}: ${sorted(chart, at).map(one => `${one.label} ${chart.format(one.value)}`).join(', ')}`);
  };
  const act = {
    ArrowLeft: () => event.shiftKey ? pan(-0.25) : go(now - 1), ArrowRight: () => event.shiftKey ? pan(0.25) : go(now + 1),
    PageUp: () => go(now - 20), PageDown: () => go(now + 20), Home: () => go(first), End: () => go(last),
    '+': () => zoomBy(chart, 0.6, middle), '=': () => zoomBy(chart, 0.6, middle), '-': () => zoomBy(chart, 1.7, middle),
    '0': () => chart.board.zoom(null, null),
    Escape: () => { chart.u.setCursor({ left: -10, top: -10 }); chart.tip.hidden = true; },
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}
