// Numbers and times as people read them; numbers and durations are the same as by Format on the server.

/** Each takes milliseconds to make, and the first page needs none: made when it is first used. */
function formatter(Format, locale, options) {
  let format = null;
  return value => (format ??= new Format(locale, options)).format(value);
}

export const count = formatter(Intl.NumberFormat, 'en', { maximumFractionDigits: 0 });
const fourDigits = formatter(Intl.NumberFormat, 'en', { minimumSignificantDigits: 4, maximumSignificantDigits: 4 });

/** Whole numbers as they are, all others with four significant digits; the smallest and largest with a power of ten. */
export function number(value) {
  if (value == null) { return '–'; }
  const size = Math.abs(value);
  if (size === 0) { return '0'; }
  if (size < 0.0001 || size >= 1e7) { return value.toExponential(3); }
  return size >= 1000 || Number.isInteger(value) ? count(value) : fourDigits(value);
}

export function bytes(value) {
  if (value == null) { return '–'; }
  let unit = 0;
  for (; Math.abs(value) >= 1024 && unit < 3; unit++) { value /= 1024; }
  return `${number(value)} ${['B', 'KB', 'MB', 'GB'][unit]}`;
}

/** 0.9712 is 97.1 %. */
export const percent = value => value == null ? '–' : `${(100 * value).toFixed(1)} %`;

/** A duration in its two largest units. */
export function span(seconds) {
  const s = Math.floor(seconds), min = Math.floor(s / 60), h = Math.floor(s / 3600), d = Math.floor(s / 86400);
  if (s < 60) { return `${s} s`; }
  if (min < 60) { return `${min} min`; }
  return h < 48 ? `${h} h ${min % 60} min` : `${d} d ${h % 24} h`;
}

/** @returns {(value: ?number) => string} how values of a unit are written */
export function valueIn(unit) {
  switch (unit) {
    case '%': return percent;
    case 'bytes': return bytes;
    case 's': return value => value == null ? '–' : span(value);
    default: return number;
  }
}

const tens = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, i) => [1, 2, 5].map(step => Number(`${step}e${first + i}`))).flat();
/** uPlot adds up whole bytes: between labels there are so many that what is rounded away does not show, or a whole number. */
const LeastBytes = 10;

const roundSteps = {
  steps: tens(0, 15),
  // Round in the size that the labels are given in: 0.01 MB is no round number of KB.
  bytes: (u, axis, min, max) => {
    const [size] = sizeFor('bytes', Math.max(Math.abs(min), Math.abs(max)));
    return tens(-8, 15).map(step => step * size).filter(step => step >= LeastBytes || Number.isInteger(step));
  },
  s: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000],
};

/** uPlot's option for distances between the labels of an axis that are round in its unit; all else is round in tens. */
export const increments = unit => unit in roundSteps ? { incrs: roundSteps[unit] } : {};

/** Sizes that labels are given in, largest first: [how much, name]. */
const unitSizes = {
  '%': [[0.01, ' %']],
  bytes: [[2 ** 30, ' GB'], [2 ** 20, ' MB'], [2 ** 10, ' KB'], [1, ' B']],
  s: [[86400, ' d'], [3600, ' h'], [60, ' min'], [1, ' s']],
};
const thousands = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, '']];

/** Digits behind the point for steps of 0.1 (one), 0.25 (two), 2.5 (one), 20 (none). */
function digitsFor(step) {
  const fewest = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const isExact = Math.abs(+step.toFixed(fewest) - step) < step * 1e-6;
  return Math.min(8, isExact ? fewest : fewest + 1);
}

/** The size that labels up to a value are given in. */
function sizeFor(unit, largest) {
  if (unit in unitSizes) {
    return unitSizes[unit].find(([size]) => largest >= 2 * size) ?? unitSizes[unit].at(-1);
  }
  return largest < 1e4 ? thousands.at(-1) : thousands.find(([size]) => largest >= size);
}

/**
 * Labels of an axis, with as many digits as tell neighbours apart: 20k rather than 20,000.
 * @param {?string} unit
 * @param {?number[]} values what is labelled; null gets no label
 * @param {number} step from one to the next, on an axis that is not logarithmic
 */
export function axisValues(unit, values, step, isLog = false) {
  const largest = Math.max(...values.map(Math.abs)), isPlain = !(unit in unitSizes);
  const label = write => values.map(value => value == null ? '' : value === 0 ? '0' : write(value));
  if (isPlain && (largest > 0 && largest < 1e-3 || largest >= 1e12 || isLog && largest >= 1e4)) {
    const digits = isLog ? 0 : digitsFor(step / 10 ** Math.floor(Math.log10(largest)));
    return label(value => value.toExponential(digits).replace(/\.?0+e/, 'e'));
  }
  if (isPlain && isLog) {
    return label(value => value < 1e-3 ? value.toExponential(0) : String(+value.toPrecision(3)));
  }
  const [size, name] = sizeFor(unit, largest), digits = digitsFor(step / size);
  return label(value => `${+(value / size).toFixed(digits)}${name}`);
}

const minutes = formatter(Intl.DateTimeFormat, 'en-GB', { hour: '2-digit', minute: '2-digit' });
const seconds = formatter(Intl.DateTimeFormat, 'en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = formatter(Intl.DateTimeFormat, 'en-GB', { day: 'numeric', month: 'short' });

/** Label of an axis of times: the clock, and the day where it changes. All in seconds; before is null for the first label. */
export function timeOfDay(at, step, before) {
  const date = day(at * 1000);
  const isNewDay = before !== null && day(before * 1000) !== date;
  if (step >= 86400 || isNewDay) { return date; }
  return step < 60 ? seconds(at * 1000) : minutes(at * 1000);
}

/** A time of the clock where the reader is, in Unix milliseconds. */
export const dateTime = formatter(Intl.DateTimeFormat, 'en-GB', {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

/** The same for lists, without the year. */
export const shortDateTime = formatter(Intl.DateTimeFormat, 'en-GB', {
  day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit',
});
