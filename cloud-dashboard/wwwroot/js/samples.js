// One slider through time for all pictures; at its end it follows what comes in.

import { fetchPart } from './site.js';
import { listen, throttled } from './live.js';
import { count } from './format.js';

const form = document.getElementById('time');
const none = document.getElementById('no-samples');

if (form) {
  const slider = form.elements.place, says = form.querySelector('output'), run = form.dataset.run;
  const shown = () => document.getElementById('samples').dataset;
  let follows = Number(slider.value) === Number(slider.max);

  /** Shows the moment of the slider, or the newest; after new pictures a moment is found again by its step. */
  const show = async where => {
    const asked = slider.value;
    const part = await fetchPart(`/runs/${run}/samples/tiles${where}`);
    document.getElementById('samples').replaceWith(part.firstElementChild);
    const { step, place, moments } = shown();
    slider.max = moments - 1;
    // Who drags on meanwhile is not pulled back.
    if (slider.value === asked) { slider.value = place; }
    slider.setAttribute('aria-valuetext', `step ${count(step)}`);
    says.value = `step ${count(step)}, ${count(Number(place) + 1)} of ${count(moments)}`;
    history.replaceState(null, '', follows ? location.pathname : `?step=${step}`);
  };
  const move = throttled(80, () => show(follows ? '' : `?place=${slider.value}`));
  const refresh = throttled(2000, () => show(follows ? '' : `?step=${shown().step}`));

  slider.addEventListener('input', () => {
    follows = Number(slider.value) === Number(slider.max);
    move();
  });
  form.addEventListener('submit', event => event.preventDefault());
  listen(new URLSearchParams({ device: form.dataset.device }), { batch: data => { if (data.images > 0) { refresh(); } }, reset: refresh });
} else if (none) {
  listen(new URLSearchParams({ device: none.dataset.device }), { batch: data => { if (data.images > 0) { location.reload(); } } });
}
