// How uPlot draws a chart: lines, axes, what is in view, and what the mouse does.

import uPlot from '/lib/uplot/uPlot.esm.js';
import { onCursor, zoomBy } from './chart-cursor.js';
import { colour, dash } from './chart-lines.js';
import { drawMarks, drawOffline } from './chart-marks.js';
import { css } from './dom.js';
import { axisValues, increments, timeOfDay } from './format.js';
import { withoutOutliers } from './series.js';

export const Height = 224, CompactHeight = 128;

// Wide enough for its labels, and one width for all charts with ordinary ones: then their plots stand below one another.
const axisWidth = (_, labels) => Math.max(66, 14 + 7 * Math.max(0, ...(labels ?? []).map(label => label.length)));

/** What uPlot is to draw, and how. */
export function options(chart) {
  const { view } = chart.board;
  const text = css('--muted'), grid = css('--grid');
  const series = [{}], bands = [];
  chart.keys.forEach((key, i) => {
    const stroke = colour(i), show = !view.hidden.has(key), at = series.length;
    series.push(
      {
        label: chart.labels[i], stroke, width: 2, dash: dash(i), show,
        points: { show: false, size: 4, width: 0, fill: stroke, filter: alone },
      },
      { stroke, width: view.smooth > 0 ? 1 : 0, alpha: 0.35, show: show && view.smooth > 0, points: { show: false } },
      { stroke: 'transparent', width: 0, show, points: { show: false } },
      { stroke: 'transparent', width: 0, show, points: { show: false } });
    bands.push({ series: [at + 3, at + 2], fill: `${stroke}2e` });
  });
  const axis = {
    stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 }, font: '12px system-ui, sans-serif',
  };
  const { unit } = chart.figure.dataset;
  return {
    width: chart.plot.clientWidth, height: chart.height, legend: { show: false }, series, bands, padding: [8, 20, 0, 0],
    cursor: { sync: { key: 'board', scales: ['x', null] }, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    // Asked for x first; uPlot's own scales still hold the view before while it asks for y.
    scales: {
      x: {
        time: view.x === 'wall', distr: view.logx && view.x !== 'wall' ? 3 : 1,
        range: (u, min, max) => chart.inside = rangeX(chart, u, min, max),
      },
      y: { distr: view.logy ? 3 : 1, range: (_, min, max) => rangeY(chart, min, max) },
    },
    axes: [
      { ...axis, size: 32, ...labelsX(view) },
      { ...axis, size: axisWidth, ...increments(unit), values: (u, at, _, space, step) => axisValues(unit, at, step, view.logy) },
    ],
    hooks: {
      drawClear: [u => drawOffline(chart, u)],
      draw: [u => drawMarks(chart, u)],
      setSelect: [u => {
        if (u.select.width > 4) {
          const stored = pixel => chart.board.stored(u.posToVal(pixel, 'x'));
          chart.board.zoom(stored(u.select.left), stored(u.select.left + u.select.width));
        }
        u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      }],
      setCursor: [u => onCursor(chart, u)],
      ready: [u => {
        u.over.addEventListener('dblclick', () => chart.board.zoom(null, null));
        u.over.addEventListener('mouseleave', () => { chart.tip.hidden = true; });
        u.over.addEventListener('wheel', event => {
          if (event.ctrlKey) {
            event.preventDefault();
            zoomBy(chart, event.deltaY < 0 ? 0.8 : 1.25, u.posToVal(event.offsetX, 'x'));
          }
        }, { passive: false });
      }],
    },
  };
}

/** Labels of the axis of steps or times, and the steps between them that are round. */
function labelsX(view) {
  switch (view.x) {
    case 'step':
      return { values: (_, at, __, ___, step) => axisValues(null, at, step, view.logx), ...view.logx ? {} : increments('steps') };
    case 'relative':
      return { values: (_, at, __, ___, step) => axisValues('s', at, step), ...increments('s') };
    default:
      return { values: (_, at, __, ___, step) => at.map((seconds, i) => timeOfDay(seconds, step, i === 0 ? null : at[i - 1])) };
  }
}

/** The part that is shown; all charts of the page have the same one, so that they can be compared. */
function rangeX(chart, u, min, max) {
  const { view } = chart.board, isLog = view.logx && view.x !== 'wall', ends = chart.board.ends();
  if (view.from !== null) {
    const [from, to] = [chart.board.shown(view.from), chart.board.shown(view.to)];
    return isLog ? [Math.max(1, from), Math.max(2, to)] : [from, to];
  }
  if (min === null || !ends || isLog && u.data[0].length > 1) { return min === null ? [1, 10] : [min, max]; }
  const [first, newest] = ends.map(end => chart.board.shown(end));
  return first < newest ? [first, newest] : isLog ? [first / 2, first * 2] : [first - 1, first + 1];
}

function rangeY(chart, min, max) {
  const { view } = chart.board;
  if (min === null || max === null) { return view.logy ? [0.1, 10] : [0, 1]; }
  if (view.outliers) {
    const [from, to] = chart.inside;
    const shown = chart.lines.filter((_, i) => !view.hidden.has(chart.keys[i]));
    const inner = withoutOutliers(shown.flatMap(line => line[2].filter((_, at) => line[0][at] >= from && line[0][at] <= to)));
    [min, max] = inner ?? [min, max];
  }
  if (view.logy) { return uPlot.rangeLog(min, max, 10, false); }
  return min === max ? [Math.min(0, 2 * min), Math.max(0, 2 * max) || (min < 0 ? 0 : 1)] : uPlot.rangeNum(min, max, 0.08, true);
}

/** Points of a line that has a gap on both sides: no line goes through them, so they are drawn as dots. */
function alone(u, index) {
  const line = u.data[index], known = [...line.keys()].filter(at => line[at] !== undefined);
  return known.filter((at, i) => line[at] !== null && (line[known[i - 1]] ?? null) === null && (line[known[i + 1]] ?? null) === null);
}
