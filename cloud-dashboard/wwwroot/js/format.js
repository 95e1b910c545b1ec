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

const powersOfTwo = Array.from({ length: 40 }, (_, i) => 2 ** i);
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];

/** Steps of an axis that are round in its unit; all else is round in tens. */
export const increments = unit => unit === 'bytes' ? { incrs: powersOfTwo } : unit === 's' ? { incrs: timeSteps } : {};

/** Labels of an axis, with as many digits as tell neighbours apart. */
export function axisValues(unit, values, step) {
  const [size, name] = unit === 'bytes' ? sizeOf(Math.max(...values.map(Math.abs)), [[2 ** 30, ' GB'], [2 ** 20, ' MB'], [2 ** 10, ' KB'], [1, ' B']])
    : unit === 's' ? sizeOf(Math.max(...values), [[86400, ' d'], [3600, ' h'], [60, ' min'], [1, ' s']]) : [1, ''];
  const digits = Math.min(4, Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9)));
  return values.map(value => value == null ? '' : name === '' ? Math.abs(value) >= 1e4 ? compact(value) : number(value) : `${+(value / size).toFixed(digits)}${name}`);
}

const sizeOf = (largest, sizes) => sizes.find(([size]) => largest >= 2 * size) ?? sizes[sizes.length - 1];

const clock = (seconds, options) => new Date(seconds * 1000).toLocaleTimeString('en-GB', options);
const day = seconds => new Date(seconds * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });

/** Label of an axis of times: the clock, and the day where it changes. */
export function timeOfDay(seconds, step, before) {
  return step >= 86400 || before !== null && day(before) !== day(seconds) ? day(seconds)
    : clock(seconds, step < 60 ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : { hour: '2-digit', minute: '2-digit' });
}
