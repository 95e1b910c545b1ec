// What the charts of a page share: axis, zoom, smoothing, cursor, live points.

import { Chart } from './chart.js';
import { listen, repeated, throttled } from './live.js';
import { fetchJson } from './parts.js';
import { readView, Switches, writeView } from './view.js';

/** How the buttons move the left and the right edge, in widths of the view. */
const Moves = { in: [0.25, -0.25], out: [-0.5, 0.5], earlier: [-0.5, -0.5], later: [0.5, 0.5] };

/** Places on its axis are steps or Unix milliseconds; shown() and stored() know what the axis shows instead. */
export class Board {
  /** @param {HTMLElement} root the section that ChartBoard.razor renders */
  constructor(root) {
    this.root = root;
    this.runId = root.dataset.run;
    this.start = Number(root.dataset.start);
    /** Times offline: [from, to], to is null for now. @type {[number, ?number][]} */
    this.offline = JSON.parse(root.dataset.offline);
    /** Events. @type {{ t: number, step: number, kind: string }[]} */
    this.marks = JSON.parse(root.dataset.marks);
    /** First and newest of the run; the first is behind the newest as long as nothing has come.
     * @type {{ step: [number, number], time: [number, number] }} */
    this.extent = JSON.parse(root.dataset.ends);
    /** All series of the run that the page knows, those without a chart too. @type {Set<string>} */
    this.known = new Set(JSON.parse(root.dataset.known));
    this.form = root.querySelector('.chart-bar');
    this.form.hidden = !root.querySelector('.chart');
    this.reset = this.form.querySelector('[data-act=reset]');
    this.says = root.querySelector('#chart-says');
    this.view = readView(location.search);
    this.fillForm();
    this.charts = [...root.querySelectorAll('.chart')].map(figure => new Chart(figure, this));
    /** Called when numbers were read, and with what came in: counts of points, events, pictures, lines of the log. */
    this.observers = [];
    // Browsers refuse an address that changes too often.
    this.rememberAddress = throttled(250, () => {
      const query = writeView(this.view);
      history.replaceState(null, '', query ? `?${query}` : location.pathname);
    });
    this.refetch = throttled(2000, () => this.load());
    this.redraw = throttled(200, () => this.charts.forEach(chart => chart.update()));
    this.rebuild = throttled(60, () => this.charts.forEach(chart => chart.rebuild()));
    this.annotate = throttled(1000, () => this.readAnnotations());
    repeated(30_000, this.annotate);
    this.hear();
  }

  /** To what a person does. */
  hear() {
    this.form.addEventListener('input', () => this.readForm());
    this.form.addEventListener('submit', event => event.preventDefault());
    this.form.querySelector('.zoom').addEventListener('click', event => {
      const move = Moves[event.target.closest('button')?.dataset.zoom];
      if (move) { this.moveBy(...move); }
    });
    this.reset.addEventListener('click', () => this.zoom(null, null));
    document.addEventListener('theme', () => this.charts.forEach(chart => chart.rebuild()));
  }

  get axis() { return this.view.x === 'step' ? 'step' : 'time'; }

  /** From what the server counts in (steps, milliseconds) to what the axis shows (steps, seconds). */
  shown(at) {
    switch (this.view.x) {
      case 'step': return at;
      case 'wall': return at / 1000;
      default: return (at - this.start) / 1000;
    }
  }

  /** The other way round. */
  stored(at) {
    switch (this.view.x) {
      case 'step': return at;
      case 'wall': return at * 1000;
      default: return at * 1000 + this.start;
    }
  }

  fillForm() {
    const fields = this.form.elements;
    fields.x.value = this.view.x;
    fields.smooth.value = this.view.smooth;
    fields.follow.checked = this.view.follow;
    Switches.forEach(name => { fields[name].checked = this.view[name]; });
    this.form.querySelector('output').value = this.view.smooth;
    fields.logx.disabled = this.view.x === 'wall';
    this.reset.hidden = this.view.from === null;
  }

  /** The view has changed: form and address show it. */
  remember() {
    this.rememberAddress();
    this.fillForm();
  }

  readForm() {
    const fields = this.form.elements, before = this.view.x, followed = this.view.follow;
    Object.assign(this.view, { x: fields.x.value, smooth: Number(fields.smooth.value), follow: fields.follow.checked });
    Switches.forEach(name => { this.view[name] = fields[name].checked; });
    if (this.view.x !== before) {
      // Step and time do not convert into each other: the whole run is shown.
      this.view.from = this.view.to = null;
      this.load();
    } else if (followed && !this.view.follow) {
      this.hold();
    } else {
      this.slide();
      this.rebuild();
    }
    this.remember();
  }

  /** Keeps what is shown now, whatever comes in. */
  hold() {
    const ends = this.ends();
    if (this.view.from === null && ends) {
      [this.view.from, this.view.to] = ends;
    }
  }

  /** First and newest step or time of the run, as far as it is known; null when nothing has come. */
  ends() {
    const [first, newest] = this.extent[this.axis];
    return newest >= first ? [first, newest] : null;
  }

  /** The run has something at a step or time. */
  reach(axis, x) {
    const ends = this.extent[axis];
    ends[0] = Math.min(ends[0], x);
    ends[1] = Math.max(ends[1], x);
  }

  /** Moves the edges of the view by parts of its width. */
  moveBy(left, right) {
    const [from, to] = this.view.from !== null ? [this.view.from, this.view.to] : this.ends() ?? [0, 0], width = to - from;
    this.zoom(from + left * width, to + right * width);
  }

  /** Shows a part, in steps or milliseconds; null shows all of it. Charts in step with each other ask several times. */
  zoom(from, to) {
    const [first, newest] = this.ends() ?? [0, 0];
    if (from !== null && from <= first && to >= newest) {
      from = to = null;
    }
    if (from !== null && !(to - from > 0) || from === this.view.from && to === this.view.to) {
      return;
    }
    this.view.from = from;
    this.view.to = to;
    this.view.follow = from === null || to >= newest;
    this.remember();
    clearTimeout(this.zooming);
    this.charts.forEach(chart => chart.move());
    this.zooming = setTimeout(() => this.load(), 60);
  }

  /** Reads all charts that are on the screen anew, in as many columns as they have pixels. */
  load() { this.charts.forEach(chart => chart.load()); }

  /** A chart has read its numbers. */
  loaded() { this.observers.forEach(act => act()); }

  /** Follows what comes in. */
  live() {
    const query = new URLSearchParams({ device: this.root.dataset.device, run: this.root.dataset.name });
    listen(query, {
      batch: data => this.take(data),
      reset: () => {
        this.load();
        this.annotate();
        this.observers.forEach(act => act({ events: 1, images: 1, logs: 1 }));
      },
    });
  }

  /** @param {{ points: [?number, string, number, number, number][], events: number, images: number, logs: number }} data
   * what has come; a point is layer, name, step, time, value */
  take(data) {
    let isLate = false;
    for (const [layer, name, step, time, value] of data.points) {
      this.reach('step', step);
      this.reach('time', time);
      const series = layer === null ? name : `${layer}.${name}`;
      if (!this.known.has(series)) { this.tellOfNew(); }
      const chart = this.charts.find(one => one.keys.includes(series));
      isLate ||= chart && !chart.append(series, this.axis === 'step' ? step : time, value);
    }
    this.slide();
    this.redraw();
    if (isLate || this.charts.some(chart => chart.isFull)) {
      this.refetch();
    }
    if (data.events > 0) { this.annotate(); }
    this.observers.forEach(act => act(data));
  }

  /** A view that follows moves on with the newest point and stays as wide as it is. */
  slide() {
    const newest = this.ends()?.[1];
    if (this.view.follow && this.view.from !== null && newest > this.view.to) {
      this.view.from += newest - this.view.to;
      this.view.to = newest;
      this.refetch();
    }
  }

  /** A series that has no chart, as the page is older than it. The page is made anew by itself only where nobody can be reading a chart. */
  tellOfNew() {
    if (this.charts.length === 0) {
      location.reload();
    }
    const notice = this.root.querySelector('#new-series');
    notice.hidden = false;
    notice.querySelector('a').href = location.href;
  }

  /** Events and times offline, as they are now. */
  async readAnnotations() {
    const { marks, offline } = await fetchJson(`/runs/${this.runId}/annotations`);
    if (JSON.stringify([marks, offline]) !== JSON.stringify([this.marks, this.offline])) {
      Object.assign(this, { marks, offline });
      this.redraw();
    }
  }

  /** To those who hear the page. */
  say(text) { this.says.textContent = text; }
}
