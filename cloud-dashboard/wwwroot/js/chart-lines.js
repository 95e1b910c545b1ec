// How the lines of a chart are told apart.

import { css } from './dom.js';

const Colours = 6;
const Dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

export const colour = i => css(`--s${i % Colours}`);

/** Colour and dashes together tell two dozen lines apart: 6 and 4 alone would repeat after twelve. */
export const dash = i => Dashes[(i + Math.floor(i / 12)) % Dashes.length];

/** A piece of a line, as in the chart. */
export function sample(i) {
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  line.setAttribute('viewBox', '0 0 24 8');
  line.setAttribute('aria-hidden', 'true');
  line.innerHTML = `<path class="s${i % Colours}" d="M0 4h24" stroke-dasharray="${dash(i).join(' ')}"/>`;
  return line;
}
