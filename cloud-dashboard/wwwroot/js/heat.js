// Alignment loss of every layer over time: rows are layers, columns are time, colour is the loss on a logarithmic scale.

import { css } from './dom.js';
import { count, dateTime, number, span } from './format.js';

const Columns = 160;
/** Pixels that the name of a layer takes. */
const Line = 16;
/** Pixels of a layer, and of the map: more than a hundred layers get less each. */
const Row = 8, Lowest = 176, Highest = 800;
const long = hex => hex.length === 4 ? `#${[...hex.slice(1)].map(c => c + c).join('')}` : hex;
const parts = hex => [1, 3, 5].map(i => parseInt(long(hex).slice(i, i + 2), 16));

export class Heat {
  /** @param {HTMLElement} figure  @param chart the chart of the same numbers, which has read them  */
  constructor(figure, chart) {
    this.figure = figure;
    this.chart = chart;
    this.canvas = figure.querySelector('canvas');
    figure.hidden = false;
    document.addEventListener('theme', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  draw() {
    const columns = this.chart.columns?.filter((_, i) => /^\d+\./.test(this.chart.keys[i]));
    const { board } = this.chart;
    const ends = board.view.from !== null ? [board.view.from, board.view.to] : board.ends();
    if (!columns?.length || !ends) { return; }
    const [from, to] = ends, width = Math.max(to - from, 1);
    const grid = columns.map(one => {
      const cells = new Array(Columns).fill(null);
      one.x.forEach((x, i) => {
        const at = Math.min(Columns - 1, Math.floor((x - from) / width * Columns));
        if (at >= 0 && one.last[i] > 0) { cells[at] = one.last[i]; }
      });
      // Fewer points than columns: a point holds until the next, but not over a gap.
      for (let at = 1; at < Columns; at++) {
        if (cells[at] === null && !isInGap(one, from + (at + 0.5) * width / Columns)) { cells[at] = cells[at - 1] ?? null; }
      }
      return cells;
    });
    const values = grid.flat().filter(value => value > 0);
    if (!values.length) { return; }
    const low = Math.log(Math.min(...values)), high = Math.log(Math.max(...values));
    this.paint(grid, value => (Math.log(value) - low) / Math.max(high - low, 1e-9));
    const [least, most] = this.figure.querySelectorAll('.heat-scale span');
    least.textContent = number(Math.exp(low));
    most.textContent = number(Math.exp(high));
    const { x } = board.view;
    const name = at => x === 'step' ? count(at)
      : x === 'relative' ? span(board.shown(at)) : dateTime(at);
    [...this.figure.querySelectorAll('.heat-ends span')].forEach((end, i) => { end.textContent = name(i === 0 ? from : to); });
  }

  paint(grid, share) {
    this.canvas.style.height = `${Math.min(Highest, Math.max(Lowest, Row * grid.length))}px`;
    const scale = devicePixelRatio, width = this.canvas.clientWidth, height = this.canvas.clientHeight, label = 56;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const draw = this.canvas.getContext('2d');
    draw.scale(scale, scale);
    draw.font = '12px system-ui, sans-serif';
    draw.textBaseline = 'middle';
    const a = parts(css('--heat-low')), b = parts(css('--heat-high')), tall = height / grid.length;
    const every = tall < Line ? Math.ceil(1.5 * Line / tall) : 1;
    grid.forEach((cells, row) => {
      draw.fillStyle = css('--muted');
      if (row % every === 0) { draw.fillText(`Layer ${row}`, 0, Math.max(Line / 2, (row + 0.5) * tall)); }
      const wide = (width - label) / Columns;
      cells.forEach((value, column) => {
        if (value > 0) {
          const part = share(value);
          draw.fillStyle = `rgb(${a.map((from, i) => Math.round(from + (b[i] - from) * part)).join(' ')})`;
          draw.fillRect(label + column * wide, row * tall, wide + 0.6, Math.max(1, tall - (tall > 2 * Row ? 2 : tall >= Row ? 1 : 0)));
        }
      });
    });
  }
}

function isInGap(one, at) {
  return one.gaps.some(i => i > 0 && at > one.x[i - 1] && at < one.x[i]);
}
