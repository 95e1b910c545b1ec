// A chart as a file.

import { colour, dash } from './chart-lines.js';
import { css, make } from './dom.js';

/** The chart with title and legend as a picture. */
export function savePicture(chart) {
  const source = chart.u.ctx.canvas, scale = devicePixelRatio, margin = 12 * scale, head = 34 * scale, row = 20 * scale;
  const canvas = make('canvas', { width: source.width + 2 * margin });
  const draw = canvas.getContext('2d');
  const small = `${12 * scale}px system-ui, sans-serif`;
  draw.font = small;
  let x = margin, y = head + source.height + row;
  const legend = chart.labels.flatMap((label, i) => {
    if (chart.board.view.hidden.has(chart.keys[i])) { return []; }
    const wide = 48 * scale + draw.measureText(label).width;
    if (x > margin && x + wide > canvas.width) { [x, y] = [margin, y + row]; }
    const place = { label, i, x, y };
    x += wide;
    return [place];
  });
  // A new height empties the canvas and its settings.
  canvas.height = y + margin;
  draw.fillStyle = css('--surface');
  draw.fillRect(0, 0, canvas.width, canvas.height);
  draw.fillStyle = css('--text');
  draw.font = `600 ${15 * scale}px system-ui, sans-serif`;
  draw.fillText(`${chart.title} · ${document.title}`, margin, 22 * scale, source.width);
  draw.drawImage(source, margin, head);
  draw.font = small;
  draw.lineWidth = 2.5 * scale;
  legend.forEach(({ label, i, x, y }) => {
    draw.strokeStyle = colour(i);
    draw.setLineDash(dash(i).map(length => length * scale));
    draw.beginPath();
    draw.moveTo(x, y - 4 * scale);
    draw.lineTo(x + 24 * scale, y - 4 * scale);
    draw.stroke();
    draw.fillText(label, x + 30 * scale, y);
  });
  canvas.toBlob(blob => {
    const link = make('a', { href: URL.createObjectURL(blob), download: `${chart.figure.dataset.chart}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
