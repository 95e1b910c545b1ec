// One slider through time for all pictures; at its end it follows what comes in.

import { fetchPart } from './site.js';
import { listen, throttled } from './live.js';
import { count } from './format.js';

const form = document.getElementById('time');
const none = document.getElementById('no-samples');

if (form) {
  const slider = form.elements.place, run = form.dataset.run;
  let steps = document.getElementById('samples').dataset.steps.split(',').map(Number);

  const show = throttled(80, async () => {
    const isNewest = Number(slider.value) === steps.length - 1;
    const part = await fetchPart(`/runs/${run}/samples/tiles${isNewest ? '' : `?step=${steps[slider.value]}`}`);
    const fresh = part.firstElementChild;
    document.getElementById('samples').replaceWith(fresh);
    const known = fresh.dataset.steps.split(',').map(Number);
    if (known.length !== steps.length) {
      steps = known;
      slider.max = steps.length - 1;
      if (isNewest) { slider.value = steps.length - 1; }
    }
    slider.setAttribute('aria-valuetext', `step ${count(steps[slider.value])}`);
    history.replaceState(null, '', isNewest ? location.pathname : `?step=${steps[slider.value]}`);
  });
  const refresh = throttled(2000, show);

  slider.addEventListener('input', show);
  form.addEventListener('submit', event => event.preventDefault());
  listen(new URLSearchParams({ device: form.dataset.device }), { batch: data => { if (data.images > 0) { refresh(); } }, reset: refresh });
} else if (none) {
  listen(new URLSearchParams({ device: none.dataset.device }), { batch: data => { if (data.images > 0) { location.reload(); } } });
}
