// One chart: its numbers, from the server and live, and its legend. uPlot draws; what else it can do is in the modules chart-*.js.

import uPlot from '/lib/uplot/uPlot.esm.js';
import { keepCursor, onKey } from './chart-cursor.js';
import { sample } from './chart-lines.js';
import { CompactHeight, Height, options } from './chart-options.js';
import { savePicture } from './chart-picture.js';
import { fillTable, toggleTable } from './chart-table.js';
import { make } from './dom.js';
import { count, dateTime, span, valueIn } from './format.js';
import { throttled } from './live.js';
import { fetchJson } from './parts.js';
import { append, smooth, withGaps } from './series.js';

/** So many points came in that the server should make buckets of them. */
const FullAfter = 600;
/** Most series in one question, as the server has it. */
const SeriesAtOnce = 64;
/** Values beyond this are not drawn: from the least to the greatest, with room above and below, must be a finite number. */
const Largest = Number.MAX_VALUE / 4;

export class Chart {
  /**
   * @param {HTMLElement} figure as ChartFigure.razor renders it
   * @param {import('./board.js').Board} board
   */
  constructor(figure, board) {
    this.figure = figure;
    this.board = board;
    this.title = figure.querySelector('h3').firstChild.textContent.trim();
    this.format = valueIn(figure.dataset.unit);
    this.plot = figure.querySelector('.plot');
    this.height = figure.closest('.compact') ? CompactHeight : Height;
    this.badge = figure.querySelector('.chart-badge');
    this.table = figure.querySelector('.chart-table');
    const rows = [...figure.querySelectorAll('[data-series]')];
    this.keys = rows.map(row => row.dataset.series);
    this.labels = rows.map(row => row.dataset.label);
    /** What was read of each series, and what came in since. @type {?import('./series.js').Columns[]} */
    this.columns = null;
    /** The question that is under way, and the points that came in meanwhile. */
    this.reading = null;
    this.added = 0;
    this.ask = throttled(0, () => this.read());
    this.refill = throttled(2000, () => this.table.hidden || fillTable(this));
    this.build();
    this.isSeen = false;
    this.stale = true;
    new IntersectionObserver(([entry]) => {
      this.isSeen = entry.isIntersecting;
      if (this.isSeen && this.stale) {
        this.rebuild();
        this.load();
      }
    }, { rootMargin: '200px' }).observe(figure);
    new ResizeObserver(() => {
      if (this.u && this.plot.clientWidth !== this.u.width) { this.u.setSize({ width: this.plot.clientWidth, height: this.height }); }
    }).observe(this.plot);
  }

  build() {
    this.table.hidden = true;
    this.plot.hidden = false;
    this.figure.querySelector('.chart-tools').hidden = false;
    this.area = make('div', { className: 'plot-area', tabIndex: 0 });
    this.area.setAttribute('role', 'group');
    this.area.setAttribute('aria-roledescription', 'chart');
    this.area.setAttribute('aria-label', this.title);
    this.area.setAttribute('aria-describedby', 'chart-keys');
    this.area.addEventListener('keydown', event => onKey(this, event));
    this.tip = make('div', { className: 'tip', hidden: true });
    this.legend = make('ul', { className: this.keys.length > 12 ? 'legend long' : 'legend' });
    this.keys.forEach((key, i) => this.legend.append(make('li', {}, this.legendButton(key, i))));
    this.plot.append(this.area, this.legend);
    this.figure.append(this.tip);
    const acts = { table: button => toggleTable(this, button), png: () => savePicture(this) };
    this.figure.addEventListener('click', event => acts[event.target.dataset.act]?.(event.target));
  }

  legendButton(key, i) {
    const button = make('button', { type: 'button' });
    button.setAttribute('aria-pressed', String(!this.board.view.hidden.has(key)));
    button.append(sample(i), ` ${this.labels[i]} `, make('output'));
    button.addEventListener('click', () => {
      const hidden = this.board.view.hidden;
      hidden.has(key) ? hidden.delete(key) : hidden.add(key);
      button.setAttribute('aria-pressed', String(!hidden.has(key)));
      this.board.remember();
      this.rebuild();
    });
    return button;
  }

  get isFull() { return this.added > FullAfter; }

  /** What the server is asked, but for the series. */
  question() {
    const { view, axis } = this.board;
    const query = new URLSearchParams([['axis', axis], ['buckets', Math.min(1000, Math.max(200, this.plot.clientWidth))]]);
    if (view.from !== null) {
      query.set('from', Math.floor(view.from));
      query.set('to', Math.ceil(view.to));
    }
    return query.toString();
  }

  /** Asks for the numbers of what is shown now; an answer to another question is not waited for. */
  load() {
    if (!this.isSeen) {
      this.stale = true;
      return;
    }
    this.stale = false;
    if (this.reading && this.reading.question !== this.question()) { this.reading.abort.abort(); }
    this.ask();
  }

  async read() {
    const question = this.question(), abort = new AbortController(), parts = [], { axis, runId } = this.board;
    const came = [];
    this.reading = { question, abort, came };
    for (let i = 0; i < this.keys.length; i += SeriesAtOnce) {
      const series = new URLSearchParams(this.keys.slice(i, i + SeriesAtOnce).map(key => ['series', key]));
      parts.push(fetchJson(`/runs/${runId}/charts?${question}&${series}`, abort.signal));
    }
    let columns;
    try {
      columns = (await Promise.all(parts)).flat();
    } catch (error) {
      if (abort.signal.aborted) { return; }
      this.badge.hidden = false;
      this.badge.textContent = 'not read; is tried again';
      throw error;
    } finally {
      this.reading = null;
    }
    if (abort.signal.aborted) { return; }
    this.columns = columns;
    this.added = 0;
    came.forEach(point => this.append(...point));
    for (const { x } of columns.filter(one => one.x.length > 0)) {
      this.board.reach(axis, x[0]);
      this.board.reach(axis, x.at(-1));
    }
    this.rebuild();
    this.board.loaded();
  }

  /** A point has come in. @returns false when it does not fit behind the newest one */
  append(series, x, value) {
    // The answer may be from before this point.
    this.reading?.came.push([series, x, value]);
    const columns = this.columns?.[this.keys.indexOf(series)];
    if (!columns) { return true; }
    // A view that stays where it is leaves out what is beyond it.
    if (this.board.view.from !== null && !this.board.view.follow) { return true; }
    this.added++;
    return append(columns, x, value);
  }

  /** Lines as uPlot takes them: one column of x, then line, last, least and greatest of each series. */
  rows() {
    const { view } = this.board;
    const drawable = value => view.logy && value <= 0 || Math.abs(value) > Largest ? null : value;
    this.lines = this.columns.map(one => {
      const [x, last, min, max] = withGaps(one);
      const line = view.smooth > 0 ? smooth(last, view.smooth) : last;
      return [x.map(at => this.board.shown(at)), ...[line, last, min, max].map(values => values.map(drawable))];
    });
    if (view.logx && view.x !== 'wall') {
      this.lines = this.lines.map(line => line.map(values => values.filter((_, i) => line[0][i] > 0)));
    }
    return uPlot.join(this.lines);
  }

  rebuild() {
    if (!this.columns || !this.isSeen) {
      this.stale = true;
      return;
    }
    const place = this.u?.data[0][this.u.cursor.idx];
    this.u?.destroy();
    this.u = new uPlot(options(this), this.rows(), this.area);
    if (document.activeElement === this.area && place !== undefined) { keepCursor(this, place); }
    this.describe();
  }

  /** New points: same chart, longer lines. */
  update() {
    if (this.u && this.columns && this.isSeen) {
      this.u.setData(this.rows());
      this.describe();
    }
  }

  /** The view moved: shown at once with the columns that are there; better ones follow. */
  move() { this.u?.setData(this.u.data); }

  describe() {
    const sum = of => this.columns.reduce((total, one) => total + of(one), 0);
    const leftOut = of => sum(one => one.last.filter(of).length);
    const low = this.board.view.logy ? leftOut(value => value <= 0 && value >= -Largest) : 0;
    const huge = leftOut(value => Math.abs(value) > Largest);
    // On a small chart it says only what is missing.
    this.badge.hidden = this.height === CompactHeight && low + huge === 0;
    const raw = count(sum(one => one.raw)), shown = count(sum(one => one.x.length) - low - huge);
    const why = [[low, 'not above 0'], [huge, 'too large to draw']]
      .map(([left, text]) => left > 0 ? `, ${count(left)} ${text}` : '').join('');
    this.badge.textContent = `${raw} raw, ${shown} shown${why}`;
    this.showValues(null);
    this.refill();
  }

  /** Where the lines have their value at a column, or their newest; null where a line has none near, or a gap. */
  places(idx) {
    return this.keys.map((_, i) => {
      const line = this.u.data[1 + 4 * i];
      for (let at = idx ?? line.length - 1, steps = 0; at >= 0 && (idx === null || steps < 8); at--, steps++) {
        if (line[at] != null) { return at; }
        if (line[at] === null && idx !== null) { return null; }
      }
      return null;
    });
  }

  values(idx) { return this.places(idx).map((at, i) => at === null ? null : this.u.data[1 + 4 * i][at]); }

  showValues(idx) {
    const values = this.values(idx);
    this.legend.querySelectorAll('output').forEach((output, i) => { output.textContent = this.format(values[i]); });
  }

  /** The step or time of a column, as text. */
  at(idx) {
    const x = this.u.data[0][idx], { view } = this.board;
    return view.x === 'step' ? `Step ${count(x)}` : view.x === 'relative' ? span(x) : dateTime(x * 1000);
  }
}
