// One chart: uPlot draws; zoom, legend, table, keyboard and picture are here.

import uPlot from '/lib/uplot/uPlot.esm.js';
import { append, smooth, withGaps, withoutOutliers } from './series.js';
import { axisValues, count, dateTime, increments, timeOfDay, valueIn } from './format.js';
import { fetchJson, span } from './site.js';
import { throttled } from './live.js';

const Colours = 6;
const Dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const Height = 224;
const FullAfter = 600;
/** Most series in one question, as the server has it. */
const SeriesAtOnce = 64;
/** Most lines of the box beside the cursor. */
const TipLines = 12;
/** An event within so many pixels of the cursor is named beside it. */
const NearMark = 6;

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// Wide enough for its labels, and one width for all charts with ordinary ones: then their plots stand below one another.
const axisWidth = (_, labels) => Math.max(66, 14 + 7 * Math.max(0, ...(labels ?? []).map(label => label.length)));

export class Chart {
  constructor(figure, board) {
    this.figure = figure;
    this.board = board;
    this.title = figure.querySelector('h3').firstChild.textContent.trim();
    this.format = valueIn(figure.dataset.unit);
    this.plot = figure.querySelector('.plot');
    this.badge = figure.querySelector('.chart-badge');
    this.table = figure.querySelector('.chart-table');
    const rows = [...figure.querySelectorAll('[data-series]')];
    this.keys = rows.map(row => row.dataset.series);
    this.labels = rows.map(row => row.dataset.label);
    this.columns = null;
    this.added = 0;
    this.refill = throttled(2000, () => this.table.hidden || this.fillTable());
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
    new ResizeObserver(() => this.u && this.plot.clientWidth !== this.u.width && this.u.setSize({ width: this.plot.clientWidth, height: Height })).observe(this.plot);
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
    this.area.addEventListener('keydown', event => this.onKey(event));
    this.tip = make('div', { className: 'tip', hidden: true });
    this.legend = make('ul', { className: this.keys.length > 12 ? 'legend long' : 'legend' });
    this.keys.forEach((key, i) => this.legend.append(make('li', {}, this.legendButton(key, i))));
    this.plot.append(this.area, this.legend);
    this.figure.append(this.tip);
    this.figure.addEventListener('click', event => ({ table: () => this.toggleTable(event.target), png: () => this.savePicture() })[event.target.dataset.act]?.());
  }

  legendButton(key, i) {
    const button = make('button', { type: 'button' });
    button.setAttribute('aria-pressed', String(!this.board.view.hidden.has(key)));
    button.append(this.sample(i), ` ${this.labels[i]} `, make('output'));
    button.addEventListener('click', () => {
      const hidden = this.board.view.hidden;
      hidden.has(key) ? hidden.delete(key) : hidden.add(key);
      button.setAttribute('aria-pressed', String(!hidden.has(key)));
      this.board.remember();
      this.rebuild();
    });
    return button;
  }

  /** A piece of a line, as in the chart. */
  sample(i) {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    line.setAttribute('viewBox', '0 0 24 8');
    line.setAttribute('aria-hidden', 'true');
    line.innerHTML = `<path class="s${i % Colours}" d="M0 4h24" stroke-dasharray="${this.dash(i).join(' ')}"/>`;
    return line;
  }

  /** Colour and dashes together tell two dozen lines apart: 6 and 4 alone would repeat after twelve. */
  dash(i) { return Dashes[(i + Math.floor(i / 12)) % Dashes.length]; }

  /** Whether so much was added that the server should make buckets of it. */
  get isFull() { return this.added > FullAfter; }

  async load() {
    if (!this.isSeen) {
      this.stale = true;
      return;
    }
    this.stale = false;
    const { view, axis, runId } = this.board;
    const query = new URLSearchParams([['axis', axis], ['buckets', Math.min(1000, Math.max(200, this.plot.clientWidth))]]);
    if (view.from !== null) {
      query.set('from', Math.floor(view.from));
      query.set('to', Math.ceil(view.to));
    }
    const asked = this.asked = {}, parts = [];
    for (let i = 0; i < this.keys.length; i += SeriesAtOnce) {
      const series = new URLSearchParams(this.keys.slice(i, i + SeriesAtOnce).map(key => ['series', key]));
      parts.push(fetchJson(`/runs/${runId}/charts?${query}&${series}`));
    }
    let columns;
    try {
      columns = (await Promise.all(parts)).flat();
    } catch (error) {
      this.stale = true;
      this.badge.hidden = false;
      this.badge.textContent = 'not read; tried again with what comes next';
      console.warn(error);
      return;
    }
    if (asked === this.asked) {
      this.columns = columns;
      this.added = 0;
      columns.filter(one => one.x.length > 0).forEach(one => { this.board.reach(axis, one.x[0]); this.board.reach(axis, one.x[one.x.length - 1]); });
      this.rebuild();
      this.board.loaded();
    }
  }

  /** @returns false when the point does not fit behind the newest one */
  append(series, x, value) {
    const columns = this.columns?.[this.keys.indexOf(series)];
    if (!columns) { return true; }
    // A view that stays where it is leaves out what is beyond it.
    if (this.board.view.from !== null && !this.board.view.follow) { return true; }
    this.added++;
    return append(columns, x, value);
  }

  rows() {
    const { view } = this.board;
    const positive = (value, log) => log && value <= 0 ? null : value;
    this.lines = this.columns.map(one => {
      const [x, last, min, max] = withGaps(one);
      const line = view.smooth > 0 ? smooth(last, view.smooth) : last;
      return [x.map(at => this.board.shown(at)), ...[line, last, min, max].map(values => values.map(value => positive(value, view.logy)))];
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
    const data = this.rows();
    const cursor = this.u?.cursor.idx;
    this.u?.destroy();
    this.u = new uPlot(this.options(), data, this.area);
    if (document.activeElement === this.area && cursor != null) { this.toIndex(Math.min(cursor, data[0].length - 1)); }
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
    const left = this.board.view.logy ? sum(one => one.last.filter(value => value <= 0).length) : 0;
    this.badge.hidden = false;
    this.badge.textContent = `${count(sum(one => one.raw))} raw, ${count(sum(one => one.x.length) - left)} shown${left > 0 ? `, ${count(left)} not above 0` : ''}`;
    this.showValues(null);
    this.refill();
  }

  options() {
    const { view } = this.board;
    const text = css('--muted'), grid = css('--grid');
    const series = [{}], bands = [];
    this.keys.forEach((key, i) => {
      const colour = css(`--s${i % Colours}`), show = !view.hidden.has(key), at = series.length;
      series.push(
        { label: this.labels[i], stroke: colour, width: 2, dash: this.dash(i), show, points: { show: false, size: 4, width: 0, fill: colour, filter: alone } },
        { stroke: colour, width: view.smooth > 0 ? 1 : 0, alpha: 0.35, show: show && view.smooth > 0, points: { show: false } },
        { stroke: 'transparent', width: 0, show, points: { show: false } }, { stroke: 'transparent', width: 0, show, points: { show: false } });
      bands.push({ series: [at + 3, at + 2], fill: `${colour}2e` });
    });
    const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 }, font: '12px system-ui, sans-serif' };
    const xValues = view.x === 'step' ? (_, at, __, ___, step) => axisValues(null, at, step, view.logx) : view.x === 'relative' ? (_, at, __, ___, step) => axisValues('s', at, step) : (_, at, __, ___, step) => at.map((seconds, i) => timeOfDay(seconds, step, i === 0 ? null : at[i - 1]));
    return {
      width: this.plot.clientWidth, height: Height, legend: { show: false }, series, bands, padding: [8, 20, 0, 0],
      cursor: { sync: { key: 'board', scales: ['x', null] }, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
      // Asked for x first; uPlot's own scales still hold the view before while it asks for y.
      scales: { x: { time: view.x === 'wall', distr: view.logx && view.x !== 'wall' ? 3 : 1, range: (u, min, max) => this.inside = this.rangeX(u, min, max) }, y: { distr: view.logy ? 3 : 1, range: (_, min, max) => this.rangeY(min, max) } },
      axes: [
        { ...axis, size: 32, values: xValues, ...(view.x === 'relative' ? increments('s') : view.x === 'step' && !view.logx ? increments('steps') : {}) },
        { ...axis, size: axisWidth, ...increments(this.figure.dataset.unit), values: (u, at, _, space, step) => axisValues(this.figure.dataset.unit, at, step, view.logy) },
      ],
      hooks: {
        drawClear: [u => this.drawOffline(u)],
        draw: [u => this.drawMarks(u)],
        setSelect: [u => {
          if (u.select.width > 4) {
            this.board.zoom(this.board.stored(u.posToVal(u.select.left, 'x')), this.board.stored(u.posToVal(u.select.left + u.select.width, 'x')));
          }
          u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        }],
        setCursor: [u => this.onCursor(u)],
        ready: [u => {
          u.over.addEventListener('dblclick', () => this.board.zoom(null, null));
          u.over.addEventListener('mouseleave', () => { this.tip.hidden = true; });
          u.over.addEventListener('wheel', event => { if (event.ctrlKey) { event.preventDefault(); this.scale(event.deltaY < 0 ? 0.8 : 1.25, u.posToVal(event.offsetX, 'x')); } }, { passive: false });
        }],
      },
    };
  }

  /** The part that is shown; all charts of the page have the same one, so that they can be compared. */
  rangeX(u, min, max) {
    const { view } = this.board, isLog = view.logx && view.x !== 'wall', ends = this.board.ends();
    if (view.from !== null) {
      const [from, to] = [this.board.shown(view.from), this.board.shown(view.to)];
      return isLog ? [Math.max(1, from), Math.max(2, to)] : [from, to];
    }
    if (min === null || !ends || isLog && u.data[0].length > 1) { return min === null ? [1, 10] : [min, max]; }
    const [first, newest] = ends.map(end => this.board.shown(end));
    return first < newest ? [first, newest] : isLog ? [first / 2, first * 2] : [first - 1, first + 1];
  }

  rangeY(min, max) {
    if (min === null || max === null) { return this.board.view.logy ? [0.1, 10] : [0, 1]; }
    if (this.board.view.outliers) {
      const [from, to] = this.inside;
      const inner = withoutOutliers(this.lines.flatMap((line, i) => this.board.view.hidden.has(this.keys[i]) ? [] : line[2].filter((_, at) => line[0][at] >= from && line[0][at] <= to)));
      [min, max] = inner ?? [min, max];
    }
    return this.board.view.logy ? uPlot.rangeLog(min, max, 10, false) : min === max ? [Math.min(0, 2 * min), Math.max(0, 2 * max) || (min < 0 ? 0 : 1)] : uPlot.rangeNum(min, max, 0.08, true);
  }

  drawOffline(u) {
    if (this.board.axis === 'step') { return; }
    u.ctx.save();
    u.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    u.ctx.textAlign = 'left';
    const { left, top, width, height } = u.bbox, gap = 4 * devicePixelRatio;
    for (const [from, to] of this.board.offline) {
      const a = Math.max(left, u.valToPos(this.board.shown(from), 'x', true));
      const b = Math.min(left + width, u.valToPos(this.board.shown(to ?? Date.now()), 'x', true));
      if (b > a) {
        u.ctx.fillStyle = css('--band');
        u.ctx.fillRect(a, top, b - a, height);
        u.ctx.fillStyle = css('--muted');
        if (u.ctx.measureText('offline').width + 2 * gap < b - a) { u.ctx.fillText('offline', a + gap, top + height - gap); }
      }
    }
    u.ctx.restore();
  }

  /** Events of the view and their pixels on the canvas, from left to right. */
  marksOf(u) {
    const { left, width } = u.bbox;
    return this.board.marks.map(mark => ({ kind: mark.kind, at: u.valToPos(this.board.shown(this.board.axis === 'step' ? mark.step : mark.t), 'x', true) }))
      .filter(mark => mark.at >= left && mark.at <= left + width).sort((a, b) => a.at - b.at);
  }

  /** A line for each event; its name where there is room, and beside the cursor in any case. */
  drawMarks(u) {
    const { ctx, bbox: { left, top, width, height } } = u, scale = devicePixelRatio, gap = 4 * scale, marks = this.marksOf(u);
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = css('--warn');
    ctx.lineWidth = scale;
    ctx.setLineDash([4 * scale, 3 * scale]);
    ctx.font = `${11 * scale}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    let free = left;
    marks.forEach((mark, i) => {
      ctx.beginPath();
      ctx.moveTo(mark.at, top);
      ctx.lineTo(mark.at, top + height);
      ctx.stroke();
      const size = ctx.measureText(mark.kind).width + 2 * gap, next = marks[i + 1]?.at ?? left + width;
      const x = mark.at + size < next ? mark.at : mark.at - size > free ? mark.at - size : null;
      if (x !== null) { ctx.fillText(mark.kind, x + gap, top + 11 * scale); }
      free = Math.max(mark.at, (x ?? 0) + size);
    });
    ctx.restore();
  }

  onCursor(u) {
    const { idx, left } = u.cursor;
    this.showValues(left >= 0 ? idx : null);
    const own = left >= 0 && idx != null && (u.over.matches(':hover') || document.activeElement === this.area);
    this.tip.hidden = !own;
    if (own) { this.showTip(u, idx, left); }
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

  at(idx) {
    const x = this.u.data[0][idx], { view } = this.board;
    return view.x === 'step' ? `Step ${count(x)}` : view.x === 'relative' ? span(x) : dateTime(x * 1000);
  }

  sorted(idx) {
    return this.places(idx).map((at, i) => ({ value: at === null ? null : this.u.data[1 + 4 * i][at], raw: at === null ? null : this.u.data[2 + 4 * i][at], label: this.labels[i], i })).filter(one => one.value != null && !this.board.view.hidden.has(this.keys[one.i])).sort((a, b) => b.value - a.value);
  }

  showTip(u, idx, left) {
    const all = this.sorted(idx), here = u.posToVal(u.cursor.top, 'y');
    // Of many lines those near the cursor.
    const near = new Set([...all].sort((a, b) => Math.abs(a.value - here) - Math.abs(b.value - here)).slice(0, TipLines));
    const events = this.marksOf(u).filter(mark => Math.abs(mark.at - u.bbox.left - left * devicePixelRatio) < NearMark * devicePixelRatio);
    this.tip.replaceChildren(
      make('p', { textContent: this.at(idx) }),
      ...[...new Set(events.map(mark => mark.kind))].map(kind => make('p', { className: 'tip-event', textContent: kind })),
      ...all.filter(one => near.has(one)).map(one => {
        const raw = this.board.view.smooth > 0 ? make('span', { className: 'muted', textContent: this.format(one.raw) }) : '';
        return make('div', {}, this.sample(one.i), make('span', { textContent: one.label }), make('b', { textContent: this.format(one.value) }), raw);
      }),
      ...all.length > near.size ? [make('p', { textContent: `and ${all.length - near.size} more` })] : []);
    const over = u.over.getBoundingClientRect(), frame = this.figure.getBoundingClientRect();
    const at = over.left - frame.left + left, wide = this.tip.offsetWidth;
    this.tip.style.left = `${at + 14 + wide > frame.width ? Math.max(4, at - 14 - wide) : at + 14}px`;
    this.tip.style.top = `${over.top - frame.top + 22}px`;
  }

  toIndex(idx) {
    const left = this.u.valToPos(this.u.data[0][idx], 'x');
    this.u.setCursor({ left, top: this.u.over.clientHeight / 2 });
  }

  /** Zooms by a factor around a place on the axis. */
  scale(factor, around) {
    const { min, max } = this.u.scales.x;
    this.board.zoom(this.board.stored(around - (around - min) * factor), this.board.stored(around + (max - around) * factor));
  }

  onKey(event) {
    if (!this.u || event.altKey || event.ctrlKey || event.metaKey) { return; }
    const { data, scales: { x: { min, max } } } = this.u;
    const first = data[0].findIndex(x => x >= min), last = data[0].findLastIndex(x => x <= max);
    const now = this.u.cursor.idx ?? last, middle = data[0][now] ?? (min + max) / 2;
    const pan = by => this.board.zoom(this.board.stored(min + by * (max - min)), this.board.stored(max + by * (max - min)));
    const go = idx => {
      this.toIndex(Math.min(last, Math.max(first, idx)));
      const at = this.u.cursor.idx;
      this.board.say(`${this.at(at)}: ${this.sorted(at).map(one => `${one.label} ${this.format(one.value)}`).join(', ')}`);
    };
    const act = {
      ArrowLeft: () => event.shiftKey ? pan(-0.25) : go(now - 1), ArrowRight: () => event.shiftKey ? pan(0.25) : go(now + 1),
      PageUp: () => go(now - 20), PageDown: () => go(now + 20), Home: () => go(first), End: () => go(last),
      '+': () => this.scale(0.6, middle), '=': () => this.scale(0.6, middle), '-': () => this.scale(1.7, middle), '0': () => this.board.zoom(null, null),
      Escape: () => { this.u.setCursor({ left: -10, top: -10 }); this.tip.hidden = true; },
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  toggleTable(button) {
    const open = button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(open));
    button.textContent = open ? 'Hide table' : 'Show as table';
    this.table.hidden = !open;
    if (open) { this.fillTable(); }
  }

  /** What is shown, in at most 60 rows, newest first. */
  fillTable() {
    const x = this.u.data[0], { min, max } = this.u.scales.x;
    const inside = [...x.keys()].filter(i => x[i] >= min && x[i] <= max && this.keys.some((_, k) => this.u.data[1 + 4 * k][i] != null));
    const every = Math.max(1, Math.ceil(inside.length / 60));
    const head = make('tr', {}, make('th', { scope: 'col', textContent: this.board.view.x === 'step' ? 'Step' : 'Time' }), ...this.labels.map(label => make('th', { scope: 'col', className: 'num', textContent: label })));
    const rows = inside.reverse().filter((_, n) => n % every === 0).map(i => make('tr', {},
      make('th', { scope: 'row', textContent: this.at(i).replace('Step ', '') }), ...this.values(i).map(value => make('td', { className: 'num', textContent: this.format(value) }))));
    this.table.tabIndex = 0;
    this.table.setAttribute('role', 'region');
    this.table.setAttribute('aria-label', `${this.title}, as a table`);
    this.table.replaceChildren(make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)));
  }

  /** The chart with title and legend as a picture. */
  savePicture() {
    const source = this.u.ctx.canvas, scale = devicePixelRatio, margin = 12 * scale, head = 34 * scale, row = 20 * scale;
    const canvas = make('canvas', { width: source.width + 2 * margin });
    const draw = canvas.getContext('2d');
    const small = `${12 * scale}px system-ui, sans-serif`;
    draw.font = small;
    let x = margin, y = head + source.height + row;
    const legend = this.labels.flatMap((label, i) => {
      if (this.board.view.hidden.has(this.keys[i])) { return []; }
      const wide = 48 * scale + draw.measureText(label).width;
      if (x > margin && x + wide > canvas.width) { [x, y] = [margin, y + row]; }
      const place = { label, i, x, y };
      x += wide;
      return [place];
    });
    // A new height empties the canvas and its settings.
    canvas.height = y + margin;
    draw.fillStyle = css('--surface');
    draw.fillRect(0, 0, canvas.width, canvas.height);
    draw.fillStyle = css('--text');
    draw.font = `600 ${15 * scale}px system-ui, sans-serif`;
    draw.fillText(`${this.title} · ${document.title}`, margin, 22 * scale, source.width);
    draw.drawImage(source, margin, head);
    draw.font = small;
    draw.lineWidth = 2.5 * scale;
    legend.forEach(({ label, i, x, y }) => {
      draw.strokeStyle = css(`--s${i % Colours}`);
      draw.setLineDash(this.dash(i).map(length => length * scale));
      draw.beginPath();
      draw.moveTo(x, y - 4 * scale);
      draw.lineTo(x + 24 * scale, y - 4 * scale);
      draw.stroke();
      draw.fillText(label, x + 30 * scale, y);
    });
    canvas.toBlob(blob => {
      const link = make('a', { href: URL.createObjectURL(blob), download: `${this.figure.dataset.chart}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
}

/** Points of a line that has a gap on both sides: no line goes through them, so they are drawn as dots. */
function alone(u, index) {
  const line = u.data[index], known = [...line.keys()].filter(at => line[at] !== undefined);
  return known.filter((at, i) => line[at] !== null && (line[known[i - 1]] ?? null) === null && (line[known[i + 1]] ?? null) === null);
}
