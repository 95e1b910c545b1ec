// What a chart shows beside its lines: times offline and events.

import { css } from './dom.js';

/** Times in which the board was offline, behind the lines. */
export function drawOffline(chart, u) {
  if (chart.board.axis === 'step') { return; }
  u.ctx.save();
  u.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  u.ctx.textAlign = 'left';
  const { left, top, width, height } = u.bbox, gap = 4 * devicePixelRatio;
  for (const [from, to] of chart.board.offline) {
    const a = Math.max(left, u.valToPos(chart.board.shown(from), 'x', true));
    const b = Math.min(left + width, u.valToPos(chart.board.shown(to ?? Date.now()), 'x', true));
    if (b > a) {
      u.ctx.fillStyle = css('--band');
      u.ctx.fillRect(a, top, b - a, height);
      u.ctx.fillStyle = css('--muted');
      if (u.ctx.measureText('offline').width + 2 * gap < b - a) { u.ctx.fillText('offline', a + gap, top + height - gap); }
    }
  }
  u.ctx.restore();
}

/** Events of the view and their pixels on the canvas, from left to right. */
export function marksOf(chart, u) {
  const { left, width } = u.bbox;
  const { board } = chart;
  const pixel = mark => u.valToPos(board.shown(board.axis === 'step' ? mark.step : mark.t), 'x', true);
  return board.marks.map(mark => ({ kind: mark.kind, at: pixel(mark) }))
    .filter(mark => mark.at >= left && mark.at <= left + width).sort((a, b) => a.at - b.at);
}

/** A line for each event; its name where there is room, and beside the cursor in any case. */
export function drawMarks(chart, u) {
  const { ctx, bbox: { left, top, width, height } } = u, scale = devicePixelRatio, gap = 4 * scale, marks = marksOf(chart, u);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = css('--warn');
  ctx.lineWidth = scale;
  ctx.setLineDash([4 * scale, 3 * scale]);
  ctx.font = `${11 * scale}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  let free = left;
  marks.forEach((mark, i) => {
    ctx.beginPath();
    ctx.moveTo(mark.at, top);
    ctx.lineTo(mark.at, top + height);
    ctx.stroke();
    const size = ctx.measureText(mark.kind).width + 2 * gap, next = marks[i + 1]?.at ?? left + width;
    const x = mark.at + size < next ? mark.at : mark.at - size > free ? mark.at - size : null;
    if (x !== null) { ctx.fillText(mark.kind, x + gap, top + 11 * scale); }
    free = Math.max(mark.at, (x ?? 0) + size);
  });
  ctx.restore();
}
