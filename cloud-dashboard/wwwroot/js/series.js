// Columns of numbers between the server and the chart. No drawing here.

/**
 * A series as the server gives it, a place for each bucket.
 * @typedef {object} Columns
 * @property {number[]} x step or Unix milliseconds, ascending
 * @property {number[]} last
 * @property {number[]} [min] missing where each bucket is one point, as max is
 * @property {number[]} [max]
 * @property {number[]} gaps places before which data is missing
 * @property {number} raw points that all of it is of
 */

/** Exponential smoothing without the pull of its start (as TensorBoard's): weight 0 changes nothing. */
export function smooth(values, weight) {
  let sum = 0, norm = 0;
  return values.map(value => {
    if (value == null) { return value; }
    sum = weight * sum + (1 - weight) * value;
    norm = weight * norm + (1 - weight);
    return sum / norm;
  });
}

/** Adds columns without values where data is missing, so that the line is not joined there. */
export function withGaps({ x, last, min, max, gaps }) {
  const cut = new Set(gaps);
  const out = [[], [], [], []];
  x.forEach((at, i) => {
    if (cut.has(i) && i > 0) {
      out[0].push((x[i - 1] + at) / 2);
      out[1].push(null); out[2].push(null); out[3].push(null);
    }
    out[0].push(at); out[1].push(last[i]); out[2].push(min?.[i] ?? last[i]); out[3].push(max?.[i] ?? last[i]);
  });
  return out;
}

/** Smallest and largest of what most values are in: the outermost 2 % are left out at either end. */
export function withoutOutliers(values) {
  const sorted = values.filter(value => value != null).sort((a, b) => a - b);
  return sorted.length < 10 ? null : [sorted[Math.floor(sorted.length * 0.02)], sorted[Math.ceil(sorted.length * 0.98) - 1]];
}

/** Adds points that came in to columns; steps behind the newest one (a resumed run) wait for the next reading. */
export function append(columns, x, value) {
  const newest = columns.x[columns.x.length - 1];
  if (newest !== undefined && x <= newest) {
    return false;
  }
  columns.x.push(x);
  columns.last.push(value);
  columns.min?.push(value);
  columns.max?.push(value);
  columns.raw++;
  return true;
}
