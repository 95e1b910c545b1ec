// What the charts of a page show, as the address of the page holds it: a copied address shows the same.

/** Switches of the form above the charts. */
export const Switches = ['logx', 'logy', 'outliers'];

/**
 * @typedef {object} View
 * @property {'step'|'relative'|'wall'} x what the horizontal axis counts
 * @property {?number} from first step or millisecond that is shown; null for the whole run
 * @property {?number} to last one; null as from is
 * @property {number} smooth weight of the smoothing, 0 to 0.999
 * @property {boolean} follow whether the view moves on with what comes in
 * @property {boolean} logx
 * @property {boolean} logy
 * @property {boolean} outliers whether they are ignored
 * @property {Set<string>} hidden keys of series
 */

/** @returns {View} of the query of an address; what it does not say, or says wrongly, is as usual */
export function readView(search) {
  const query = new URLSearchParams(search);
  const numberOf = name => query.has(name) && Number.isFinite(Number(query.get(name))) ? Number(query.get(name)) : null;
  const x = query.get('x'), from = numberOf('from'), to = numberOf('to'), isPart = from !== null && to !== null && from < to;
  return {
    x: ['relative', 'wall'].includes(x) ? x : 'step',
    from: isPart ? from : null,
    to: isPart ? to : null,
    smooth: Math.min(0.999, Math.max(0, numberOf('smooth') ?? 0)),
    follow: query.get('follow') !== '0',
    hidden: new Set(query.getAll('hide')),
    ...Object.fromEntries(Switches.map(name => [name, query.get(name) === '1'])),
  };
}

/** @param {View} view  @returns {string} its query, without what is as usual */
export function writeView(view) {
  const query = new URLSearchParams();
  if (view.x !== 'step') { query.set('x', view.x); }
  if (view.from !== null) {
    query.set('from', Math.round(view.from));
    query.set('to', Math.round(view.to));
  }
  if (view.smooth > 0) { query.set('smooth', view.smooth); }
  if (!view.follow) { query.set('follow', '0'); }
  Switches.filter(name => view[name]).forEach(name => query.set(name, '1'));
  view.hidden.forEach(series => query.append('hide', series));
  return query.toString();
}
