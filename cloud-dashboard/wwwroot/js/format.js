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

const wholeSteps = Array.from({ length: 16 }, (_, i) => [1, 2, 5].map(step => step * 10 ** i)).flat();
const powersOfTwo = Array.from({ length: 40 }, (_, i) => 2 ** i);
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];

/** Steps of an axis that are round in its unit; all else is round in tens. */
export const increments = unit => unit === 'steps' ? { incrs: wholeSteps } : unit === 'bytes' ? { incrs: powersOfTwo } : unit === 's' ? { incrs: timeSteps } : {};

const sizes = {
  bytes: [[2 ** 30, ' GB'], [2 ** 20, ' MB'], [2 ** 10, ' KB'], [1, ' B']],
  s: [[86400, ' d'], [3600, ' h'], [60, ' min'], [1, ' s']],
};
/** Digits behind the point for steps of 0.1 (one), 0.25 (two), 2.5 (one), 20 (none). */
function digitsFor(step) {
  const fewest = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const isExact = Math.abs(+step.toFixed(fewest) - step) < step * 1e-6;
  return Math.min(8, isExact ? fewest : fewest + 1);
}

const thousands = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']];

/** Labels of an axis, with as many digits as tell neighbours apart: 20k rather than 20,000. */
export function axisValues(unit, values, step, isLog = false) {
  const largest = Math.max(...values.map(Math.abs));
  const isPlain = !(unit in sizes);
  if (isPlain && (largest > 0 && largest < 1e-3 || largest >= 1e12 || isLog && largest >= 1e4)) {
    const digits = isLog ? 0 : digitsFor(step / 10 ** Math.floor(Math.log10(largest)));
    return values.map(value => value == null ? '' : value === 0 ? '0' : value.toExponential(digits).replace(/\.?0+e/, 'e'));
  }
  const [size, name] = isPlain && largest < 1e4 ? [1, ''] : (isPlain ? thousands : sizes[unit]).find(([size]) => largest >= (isPlain ? 1 : 2) * size) ?? [1, (sizes[unit] ?? thousands).at(-1)[1]];
  if (isLog && isPlain) { return values.map(value => value == null ? '' : String(value < 1e-3 ? value.toExponential(0) : +value.toPrecision(3))); }
  const digits = digitsFor(step / size);
  return values.map(value => value == null ? '' : value === 0 ? '0' : `${+(value / size).toFixed(digits)}${name}`);
}

const clock = (seconds, options) => new Date(seconds * 1000).toLocaleTimeString('en-GB', options);
const day = seconds => new Date(seconds * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });

/** Label of an axis of times: the clock, and the day where it changes. */
export function timeOfDay(seconds, step, before) {
  return step >= 86400 || before !== null && day(before) !== day(seconds) ? day(seconds)
    : clock(seconds, step < 60 ? { hour: '2-digit', minute: '2-digit', second: '2-digit' } : { hour: '2-digit', minute: '2-digit' });
}

const moment = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A time of the clock where the reader is. */
export const dateTime = milliseconds => moment.format(milliseconds);
