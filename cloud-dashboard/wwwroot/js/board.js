// What the charts of a page share: axis, zoom, smoothing, cursor, live points. The address of the page holds it, so that a copied address shows the same.

import { Chart } from './chart.js';
import { listen, throttled } from './live.js';
import { fetchJson } from './site.js';

const Switches = ['logx', 'logy', 'outliers'];

export class Board {
  /** @param {HTMLElement} root the section that ChartBoard.razor renders */
  constructor(root) {
    this.root = root;
    this.runId = root.dataset.run;
    this.start = Number(root.dataset.start);
    this.offline = JSON.parse(root.dataset.offline);
    this.marks = JSON.parse(root.dataset.marks);
    this.extent = JSON.parse(root.dataset.ends);
    this.form = root.querySelector('.chart-bar');
    this.form.hidden = !root.querySelector('.chart');
    this.known = new Set(JSON.parse(root.dataset.known));
    this.reset = this.form.querySelector('[data-act=reset]');
    this.says = root.querySelector('#chart-says');
    // Browsers refuse an address that changes too often.
    this.address = throttled(250, () => history.replaceState(null, '', this.query() ? `?${this.query()}` : location.pathname));
    this.restore();
    this.charts = [...root.querySelectorAll('.chart')].map(figure => new Chart(figure, this));
    this.observers = [];
    this.form.addEventListener('input', () => this.readForm());
    this.form.addEventListener('submit', event => event.preventDefault());
    this.reset.addEventListener('click', () => this.zoom(null, null));
    const moves = { in: [0.25, -0.25], out: [-0.5, 0.5], earlier: [-0.5, -0.5], later: [0.5, 0.5] };
    this.form.querySelector('.zoom').addEventListener('click', event => {
      const move = moves[event.target.closest('button')?.dataset.zoom];
      if (move) { this.moveBy(...move); }
    });
    document.addEventListener('theme', () => this.charts.forEach(chart => chart.rebuild()));
    this.refetch = throttled(2000, () => this.load());
    this.redraw = throttled(200, () => this.charts.forEach(chart => chart.update()));
    this.rebuild = throttled(60, () => this.charts.forEach(chart => chart.rebuild()));
    this.annotate = throttled(1000, () => this.readAnnotations());
    // A board that goes offline sends nothing that says so.
    setInterval(this.annotate, 30_000);
  }

  get axis() { return this.view.x === 'step' ? 'step' : 'time'; }

  /** From what the server counts in (steps, milliseconds) to what the axis shows. */
  shown(at) { return this.view.x === 'step' ? at : this.view.x === 'wall' ? at / 1000 : (at - this.start) / 1000; }

  stored(at) { return this.view.x === 'step' ? at : this.view.x === 'wall' ? at * 1000 : at * 1000 + this.start; }

  restore() {
    const query = new URLSearchParams(location.search);
    const edge = name => query.has(name) && Number.isFinite(Number(query.get(name))) ? Number(query.get(name)) : null;
    this.view = {
      x: ['relative', 'wall'].includes(query.get('x')) ? query.get('x') : 'step', from: edge('from'), to: edge('to'),
      smooth: Math.min(0.999, Math.max(0, edge('smooth') ?? 0)), follow: query.get('follow') !== '0', hidden: new Set(query.getAll('hide')),
    };
    Switches.forEach(name => { this.view[name] = query.get(name) === '1'; });
    const fields = this.form.elements;
    fields.x.value = this.view.x;
    fields.smooth.value = this.view.smooth;
    fields.follow.checked = this.view.follow;
    Switches.forEach(name => { fields[name].checked = this.view[name]; });
    this.show();
  }

  show() {
    this.form.querySelector('output').value = this.view.smooth;
    this.form.elements.logx.disabled = this.view.x === 'wall';
    this.reset.hidden = this.view.from === null;
  }

  remember() {
    this.address();
    this.show();
  }

  query() {
    const query = new URLSearchParams();
    const { x, from, to, smooth, follow, hidden } = this.view;
    if (x !== 'step') { query.set('x', x); }
    if (from !== null) { query.set('from', Math.round(from)); query.set('to', Math.round(to)); }
    if (smooth > 0) { query.set('smooth', smooth); }
    if (!follow) { query.set('follow', '0'); }
    Switches.filter(name => this.view[name]).forEach(name => query.set(name, '1'));
    hidden.forEach(series => query.append('hide', series));
    return query.toString();
  }

  readForm() {
    const fields = this.form.elements, before = this.view.x, followed = this.view.follow;
    Object.assign(this.view, { x: fields.x.value, smooth: Number(fields.smooth.value), follow: fields.follow.checked });
    Switches.forEach(name => { this.view[name] = fields[name].checked; });
    if (this.view.x !== before) {
      // Step and time do not convert into each other: the whole run is shown.
      this.view.from = this.view.to = null;
      this.load();
    } else if (this.view.follow !== followed && !this.view.follow) {
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
    this.form.elements.follow.checked = this.view.follow;
    this.remember();
    clearTimeout(this.zooming);
    this.charts.forEach(chart => chart.move());
    this.zooming = setTimeout(() => this.load(), 60);
  }

  /** Reads all charts that are on the screen anew, in as many columns as they have pixels. */
  load() { return Promise.all(this.charts.map(chart => chart.load())); }

  /** A chart has read its numbers. */
  loaded() { this.observers.forEach(act => act()); }

  /** Follows what comes in. */
  live() {
    const query = new URLSearchParams({ device: this.root.dataset.device, run: this.root.dataset.name });
    const handlers = {
      batch: data => {
        let late = false;
        for (const [layer, name, step, time, value] of data.points) {
          this.reach('step', step);
          this.reach('time', time);
          const series = layer === null ? name : `${layer}.${name}`;
          if (!this.known.has(series)) { this.tellOfNew(); }
          const chart = this.charts.find(one => one.keys.includes(series));
          late ||= chart && !chart.append(series, this.axis === 'step' ? step : time, value);
        }
        this.slide();
        this.redraw();
        if (late || this.charts.some(chart => chart.isFull)) {
          this.refetch();
        }
        if (data.events > 0) { this.annotate(); }
        this.observers.forEach(act => act(data));
      },
      reset: () => { this.load(); this.annotate(); this.observers.forEach(act => act({ events: 1, images: 1, logs: 1 })); },
    };
    listen(query, handlers);
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

  say(text) { this.says.textContent = text; }
}
