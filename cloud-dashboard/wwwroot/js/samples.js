// One slider through time for all pictures; at its end it follows what comes in.

import { count } from './format.js';
import { listen, throttled } from './live.js';
import { fetchPart } from './parts.js';

const form = document.getElementById('time');
const none = document.getElementById('no-samples');

/** @param {HTMLFormElement} form with the slider, as SamplesPage.razor renders it */
function showMoments(form) {
  const slider = form.elements.place, says = form.querySelector('output'), { device, run } = form.dataset;
  const tiles = () => document.getElementById('samples');
  const isAtEnd = () => Number(slider.value) === Number(slider.max);
  let follows = isAtEnd();

  /** The newest moment, the one that the slider was moved to, or what is shown already: after new pictures it is found by its step. */
  const wanted = () => {
    const { step, place } = tiles().dataset;
    if (follows) { return ''; }
    return slider.value === place ? `?step=${step}` : `?place=${slider.value}`;
  };

  const show = throttled(80, async () => {
    const asked = slider.value;
    const part = await fetchPart(`/runs/${run}/samples/tiles${wanted()}`);
    tiles().replaceWith(part.firstElementChild);
    const { step, place, moments } = tiles().dataset;
    slider.max = moments - 1;
    // Who drags on meanwhile is not pulled back.
    if (slider.value === asked) { slider.value = place; }
    slider.setAttribute('aria-valuetext', `step ${count(step)}`);
    says.value = `step ${count(step)}, ${count(Number(place) + 1)} of ${count(moments)}`;
    history.replaceState(null, '', follows ? location.pathname : `?step=${step}`);
  });
  const refresh = throttled(2000, show);

  slider.addEventListener('input', () => {
    follows = isAtEnd();
    show();
  });
  form.addEventListener('submit', event => event.preventDefault());
  listen(new URLSearchParams({ device }), { batch: data => { if (data.images > 0) { refresh(); } }, reset: refresh });
}

if (form) {
  showMoments(form);
} else if (none) {
  listen(new URLSearchParams({ device: none.dataset.device }), {
    batch: data => { if (data.images > 0) { location.reload(); } },
    reset: () => location.reload(),
  });
}
