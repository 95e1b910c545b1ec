// A board: health charts, and the parts of the page that its reports change.

import { fetchPart } from './parts.js';
import { listen, repeated, throttled } from './live.js';
import { Board } from './board.js';

const root = document.getElementById('device');

if (root) {
  const id = root.dataset.device, charts = document.getElementById('charts');
  const part = (interval, element, address) => throttled(interval, async () => {
    const old = document.getElementById(element);
    // What somebody scrolls or has opened stays as it is until they are done.
    if (old && old.scrollTop === 0) {
      old.replaceWith(...(await fetchPart(address)).children);
    }
  });
  const facts = part(1000, 'device-facts', `/devices/${id}/facts`);
  const logs = part(1000, 'device-logs', `/devices/${id}/logs${location.search}`);
  const anomalies = part(2000, 'device-anomalies', `/devices/${id}/anomalies`);
  const connections = part(2000, 'device-connections', `/devices/${id}/connections`);
  const commands = part(2000, 'device-commands', `/devices/${id}/commands`);
  const heard = data => {
    facts();
    commands();
    connections();
    if (data.logs > 0) { logs(); }
    if (data.events > 0) { anomalies(); }
  };
  repeated(10_000, () => { facts(); connections(); });
  // A number that was constant has changed: its chart joins the others.
  const unfold = points => points.forEach(([, name, , , value]) => {
    const constant = charts.querySelector(`.constant [data-constant="${name}"]`);
    if (constant && Number(constant.dataset.value) !== value) {
      charts.querySelector('.charts').append(charts.querySelector(`.constant .chart[data-chart="${name}"]`));
      constant.remove();
      const list = charts.querySelector('.constant');
      list.hidden = !list.querySelector('.chart');
    }
  });
  if (charts) {
    // One stream for both.
    const board = new Board(charts);
    board.observers.push(data => {
      if (data) {
        heard(data);
        unfold(data.points ?? []);
      }
    });
    board.live();
  } else {
    listen(new URLSearchParams({ device: id }), { batch: heard, reset: () => heard({ logs: 1, events: 1 }) });
  }
}
