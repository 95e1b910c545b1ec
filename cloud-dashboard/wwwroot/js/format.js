// Numbers as people read them; the same as Format on the server.

import { span } from './site.js';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function number(value) {
  if (value == null) { return '–'; }
  const size = Math.abs(value);
  return size === 0 ? '0' : size < 0.0001 || size >= 1e7 ? value.toExponential(2)
    : size >= 1000 ? whole.format(value) : size >= 1 ? String(+value.toFixed(2)) : String(+value.toFixed(4));
}

export function bytes(value) {
  if (value == null) { return '–'; }
  let unit = 0;
  for (; Math.abs(value) >= 1024 && unit < 3; unit++) { value /= 1024; }
  return `${+value.toFixed(1)} ${['B', 'KB', 'MB', 'GB'][unit]}`;
}

export const count = value => whole.format(value);

export const valueIn = unit => unit === 'bytes' ? bytes : unit === 's' ? value => value == null ? '–' : span(value) : number;

/** Short labels for an axis: 20k rather than 20,000. */
export const compact = value => Math.abs(value) >= 1e6 ? `${+(value / 1e6).toFixed(2)}M` : Math.abs(value) >= 1e4 ? `${+(value / 1e3).toFixed(1)}k` : String(+value.toFixed(6));
