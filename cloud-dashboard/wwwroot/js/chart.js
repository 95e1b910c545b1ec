// One chart: uPlot draws; zoom, legend, table, keyboard and picture are here.

import uPlot from '/lib/uplot/uPlot.esm.js';
import { append, smooth, withGaps, withoutOutliers } from './series.js';
import { axisValues, compact, count, increments, timeOfDay, valueIn } from './format.js';
import { span } from './site.js';

const Colours = 6;
const Dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const Height = 224;
const FullAfter = 600;

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

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
    this.build();
    this.isSeen = false;
    this.stale = true;
    new IntersectionObserver(([entry]) => {
      this.isSeen = entry.isIntersecting;
      if (this.isSeen && this.stale) { this.load(); }
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
    this.legend = make('ul', { className: 'legend' });
    this.keys.forEach((key, i) => this.legend.append(make('li', {}, this.legendButton(key, i))));
    this.plot.append(this.area, this.legend);
    this.figure.append(this.tip);
    this.figure.addEventListener('click', event => ({ table: () => this.toggleTable(event.target), png: () => this.savePicture() })[event.target.dataset.act]?.());
  }

  legendButton(key, i) {
    const button = make('button', { type: 'button' });
    button.setAttribute('aria-pressed', String(!this.board.view.hidden.has(key)));
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    line.setAttribute('viewBox', '0 0 24 8');
    line.setAttribute('aria-hidden', 'true');
    line.innerHTML = `<path class="s${i % Colours}" d="M0 4h24" stroke-dasharray="${this.dash(i).join(' ')}"/>`;
    button.append(line, ` ${this.labels[i]} `, make('output'));
    button.addEventListener('click', () => {
      const hidden = this.board.view.hidden;
      hidden.has(key) ? hidden.delete(key) : hidden.add(key);
      button.setAttribute('aria-pressed', String(!hidden.has(key)));
      this.board.remember();
      this.rebuild();
    });
    return button;
  }

  dash(i) { return Dashes[i % Dashes.length]; }

  /** Whether so much was added that the server should make buckets of it. */
  get isFull() { return this.added > FullAfter; }

  ends() { return (this.columns ?? []).flatMap(one => one.x.length ? [one.x[0], one.x[one.x.length - 1]] : []); }

  async load() {
    if (!this.isSeen) {
      this.stale = true;
      return;
    }
    this.stale = false;
    const { view, axis, runId } = this.board;
    const query = new URLSearchParams([...this.keys.map(key => ['series', key]), ['axis', axis], ['buckets', Math.min(1000, Math.max(200, this.plot.clientWidth))]]);
    if (view.from !== null) {
      query.set('from', Math.floor(view.from));
      query.set('to', Math.ceil(view.to));
    }
    const asked = this.asked = {};
    const answer = await fetch(`/runs/${runId}/charts?${query}`);
    if (answer.ok && asked === this.asked) {
      this.columns = await answer.json();
      this.added = 0;
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
    this.badge.hidden = false;
    this.badge.textContent = `${count(sum(one => one.raw))} raw, ${count(sum(one => one.x.length))} shown`;
    this.showValues(null);
  }

  options() {
    const { view } = this.board;
    const text = css('--muted'), grid = css('--grid');
    const series = [{}], bands = [];
    this.keys.forEach((key, i) => {
      const colour = css(`--s${i % Colours}`), show = !view.hidden.has(key), at = series.length;
      series.push(
        { label: this.labels[i], stroke: colour, width: 2, dash: this.dash(i), show, points: { show: false } },
        { stroke: colour, width: view.smooth > 0 ? 1 : 0, alpha: 0.35, show: show && view.smooth > 0, points: { show: false } },
        { stroke: 'transparent', width: 0, show, points: { show: false } }, { stroke: 'transparent', width: 0, show, points: { show: false } });
      bands.push({ series: [at + 3, at + 2], fill: `${colour}2e` });
    });
    const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 }, font: '12px system-ui, sans-serif' };
    const xValues = view.x === 'step' ? (_, at) => at.map(compact) : view.x === 'relative' ? (_, at, __, ___, step) => axisValues('s', at, step) : (_, at, __, ___, step) => at.map((seconds, i) => timeOfDay(seconds, step, i === 0 ? null : at[i - 1]));
    return {
      width: this.plot.clientWidth, height: Height, legend: { show: false }, series, bands, padding: [8, 8, 0, 0],
      cursor: { sync: { key: 'board', scales: ['x', null] }, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
      scales: { x: { time: view.x === 'wall', distr: view.logx && view.x !== 'wall' ? 3 : 1, range: (_, min, max) => this.rangeX(min, max) }, y: { distr: view.logy ? 3 : 1, range: (u, min, max) => this.rangeY(u, min, max) } },
      axes: [
        { ...axis, size: 32, values: xValues, ...(view.x === 'relative' ? increments('s') : {}) },
        { ...axis, size: 66, ...increments(this.figure.dataset.unit), values: (u, at, _, space, step) => axisValues(this.figure.dataset.unit, at, step) },
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

  rangeX(min, max) {
    const { view } = this.board;
    if (view.from !== null) { return [this.board.shown(view.from), this.board.shown(view.to)]; }
    return min === null ? [0, 1] : min === max ? [min - 1, max + 1] : [min, max];
  }

  rangeY(u, min, max) {
    if (min === null || max === null) { return this.board.view.logy ? [0.1, 10] : [0, 1]; }
    if (this.board.view.outliers) {
      const [from, to] = [u.scales.x.min, u.scales.x.max];
      const inner = withoutOutliers(this.lines.flatMap((line, i) => this.board.view.hidden.has(this.keys[i]) ? [] : line[2].filter((_, at) => line[0][at] >= from && line[0][at] <= to)));
      [min, max] = inner ?? [min, max];
    }
    return this.board.view.logy ? uPlot.rangeLog(min, max, 10, false) : min === max ? uPlot.rangeNum(min - Math.abs(min) * 0.05 - 1e-9, max + Math.abs(max) * 0.05 + 1e-9, 0.1, true) : uPlot.rangeNum(min, max, 0.08, true);
  }

  drawOffline(u) {
    if (this.board.axis === 'step') { return; }
    u.ctx.save();
    u.ctx.fillStyle = css('--band');
    const { left, top, width, height } = u.bbox;
    for (const [from, to] of this.board.offline) {
      const a = Math.max(left, u.valToPos(this.board.shown(from), 'x', true));
      const b = Math.min(left + width, to === null ? left + width : u.valToPos(this.board.shown(to), 'x', true));
      if (b > a) { u.ctx.fillRect(a, top, b - a, height); }
    }
    u.ctx.restore();
  }

  drawMarks(u) {
    u.ctx.save();
    u.ctx.strokeStyle = u.ctx.fillStyle = css('--warn');
    u.ctx.lineWidth = devicePixelRatio;
    u.ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    u.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    const { left, top, width, height } = u.bbox;
    u.ctx.textAlign = 'left';
    let free = -Infinity;
    for (const mark of [...this.board.marks].reverse()) {
      const at = u.valToPos(this.board.shown(this.board.axis === 'step' ? mark.step : mark.t), 'x', true);
      if (at < left || at > left + width) { continue; }
      u.ctx.beginPath();
      u.ctx.moveTo(at, top);
      u.ctx.lineTo(at, top + height);
      u.ctx.stroke();
      const size = u.ctx.measureText(mark.kind).width;
      const x = at + size + 8 > left + width ? at - size - 4 * devicePixelRatio : at + 4 * devicePixelRatio;
      if (x > free) {
        u.ctx.fillText(mark.kind, x, top + 11 * devicePixelRatio);
        free = x + size + 6 * devicePixelRatio;
      }
    }
    u.ctx.restore();
  }

  onCursor(u) {
    const { idx, left } = u.cursor;
    this.showValues(left >= 0 ? idx : null);
    const own = left >= 0 && idx != null && (u.over.matches(':hover') || document.activeElement === this.area);
    this.tip.hidden = !own;
    if (own) { this.showTip(u, idx, left); }
  }

  /** Values of the lines at a column, or the newest; null where a line has none near. */
  values(idx) {
    return this.keys.map((_, i) => {
      const line = this.u.data[1 + 4 * i];
      for (let at = idx ?? line.length - 1, steps = 0; at >= 0 && (idx === null || steps < 8); at--, steps++) {
        if (line[at] != null) { return line[at]; }
      }
      return null;
    });
  }

  showValues(idx) {
    const values = this.values(idx);
    this.legend.querySelectorAll('output').forEach((output, i) => { output.textContent = this.format(values[i]); });
  }

  at(idx) {
    const x = this.u.data[0][idx], { view } = this.board;
    return view.x === 'step' ? `Step ${count(x)}` : view.x === 'relative' ? span(x) : new Date(x * 1000).toLocaleString();
  }

  sorted(idx) {
    return this.values(idx).map((value, i) => ({ value, label: this.labels[i], i })).filter(one => one.value != null && !this.board.view.hidden.has(this.keys[one.i])).sort((a, b) => b.value - a.value);
  }

  showTip(u, idx, left) {
    this.tip.replaceChildren(make('p', { textContent: this.at(idx) }), ...this.sorted(idx).map(one => {
      const line = make('i');
      line.style.background = css(`--s${one.i % Colours}`);
      return make('div', {}, line, make('span', { textContent: one.label }), make('b', { textContent: this.format(one.value) }));
    }));
    const over = u.over.getBoundingClientRect(), frame = this.figure.getBoundingClientRect();
    const at = over.left - frame.left + left, wide = this.tip.offsetWidth;
    this.tip.style.left = `${at + 14 + wide > frame.width ? Math.max(4, at - 14 - wide) : at + 14}px`;
    this.tip.style.top = `${over.top - frame.top + 8}px`;
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
    const head = make('tr', {}, make('th', { scope: 'col', textContent: this.board.view.x === 'step' ? 'Step' : 'Time' }), ...this.labels.map(label => make('th', { scope: 'col', textContent: label })));
    const rows = inside.reverse().filter((_, n) => n % every === 0).map(i => make('tr', {},
      make('th', { scope: 'row', textContent: this.at(i).replace('Step ', '') }), ...this.values(i).map(value => make('td', { textContent: this.format(value) }))));
    this.table.tabIndex = 0;
    this.table.setAttribute('role', 'region');
    this.table.setAttribute('aria-label', `${this.title}, as a table`);
    this.table.replaceChildren(make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)));
  }

  /** The chart with title and legend as a picture. */
  savePicture() {
    const source = this.u.ctx.canvas, scale = devicePixelRatio, head = 34 * scale, foot = 30 * scale;
    const canvas = make('canvas', { width: source.width + 24 * scale, height: source.height + head + foot });
    const draw = canvas.getContext('2d');
    draw.fillStyle = css('--surface');
    draw.fillRect(0, 0, canvas.width, canvas.height);
    draw.fillStyle = css('--text');
    draw.font = `600 ${15 * scale}px system-ui, sans-serif`;
    draw.fillText(`${this.title} · ${document.title}`, 12 * scale, 22 * scale);
    draw.drawImage(source, 12 * scale, head);
    draw.font = `${12 * scale}px system-ui, sans-serif`;
    let at = 12 * scale;
    this.labels.forEach((label, i) => {
      draw.strokeStyle = css(`--s${i % Colours}`);
      draw.lineWidth = 2.5 * scale;
      draw.setLineDash(this.dash(i).map(length => length * scale));
      draw.beginPath();
      draw.moveTo(at, canvas.height - 14 * scale);
      draw.lineTo(at + 24 * scale, canvas.height - 14 * scale);
      draw.stroke();
      draw.fillText(label, at + 30 * scale, canvas.height - 10 * scale);
      at += 48 * scale + draw.measureText(label).width;
    });
    canvas.toBlob(blob => {
      const link = make('a', { href: URL.createObjectURL(blob), download: `${this.figure.dataset.chart}.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
}
