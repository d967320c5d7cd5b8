/** Small things that stand for somebody who is waited for: padlock, hourglass, signpost, and the registry's crate. */

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

/** Somebody holds it: it cannot go before the finalizer lets go. @param {Context} c @param {Palette} p @param {number} x middle @param {number} y middle @param {number} size */
export function padlock(c, p, x, y, size) {
  c.save();
  c.setLineDash([]);
  c.lineWidth = size * 0.15;
  c.strokeStyle = p.ink;
  c.beginPath();
  c.arc(x, y - size * 0.12, size * 0.24, Math.PI, 0);
  c.lineTo(x + size * 0.24, y + size * 0.05);
  c.moveTo(x - size * 0.24, y - size * 0.12);
  c.lineTo(x - size * 0.24, y + size * 0.05);
  c.stroke();
  c.beginPath();
  c.roundRect(x - size * 0.4, y, size * 0.8, size * 0.52, size * 0.1);
  c.lineWidth = size * 0.2;
  c.strokeStyle = p.page;
  c.stroke();
  c.fillStyle = p.ink;
  c.fill();
  c.fillStyle = p.page;
  c.beginPath();
  c.arc(x, y + size * 0.22, size * 0.09, 0, Math.PI * 2);
  c.fill();
  c.restore();
}

/** It waits, and nothing is wrong. @param {Context} c @param {Palette} p @param {number} x middle @param {number} y middle @param {number} size */
export function hourglass(c, p, x, y, size) {
  const [w, h] = [size * 0.32, size * 0.48];
  c.save();
  c.setLineDash([]);
  c.strokeStyle = c.fillStyle = p.ink;
  c.lineWidth = size * 0.09;
  c.lineJoin = c.lineCap = "round";
  c.beginPath();
  c.moveTo(x - w, y - h);
  c.lineTo(x + w, y - h);
  c.lineTo(x - w, y + h);
  c.lineTo(x + w, y + h);
  c.closePath();
  c.stroke();
  c.beginPath();
  c.moveTo(x - w * 0.5, y - h * 0.5);
  c.lineTo(x + w * 0.5, y - h * 0.5);
  c.lineTo(x, y);
  c.closePath();
  c.moveTo(x - w * 0.8, y + h * 0.86);
  c.lineTo(x, y + h * 0.5);
  c.lineTo(x + w * 0.8, y + h * 0.86);
  c.closePath();
  c.fill();
  c.restore();
}

/** It points on, and there is no road. @param {Context} c @param {Palette} p @param {number} x foot @param {number} y foot @param {number} size */
export function signpost(c, p, x, y, size) {
  c.save();
  c.setLineDash([]);
  c.strokeStyle = c.fillStyle = p.ink;
  c.lineWidth = size * 0.09;
  c.lineCap = "round";
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(x, y - size);
  c.stroke();
  c.beginPath();
  c.moveTo(x - size * 0.3, y - size * 0.95);
  c.lineTo(x + size * 0.42, y - size * 0.95);
  c.lineTo(x + size * 0.64, y - size * 0.74);
  c.lineTo(x + size * 0.42, y - size * 0.53);
  c.lineTo(x - size * 0.3, y - size * 0.53);
  c.closePath();
  c.fill();
  c.beginPath();
  c.setLineDash([size * 0.05, size * 0.16]);
  c.moveTo(x + size * 0.2, y);
  c.lineTo(x + size * 0.6, y);
  c.stroke();
  c.restore();
}

/** Where images are kept. @param {Context} c @param {Palette} p @param {number} x left @param {number} y top @param {number} size */
export function crate(c, p, x, y, size) {
  c.save();
  c.setLineDash([]);
  c.lineJoin = "round";
  c.lineWidth = size * 0.09;
  c.strokeStyle = p.ink;
  c.fillStyle = p.wall;
  c.beginPath();
  c.roundRect(x, y + size * 0.16, size, size * 0.72, size * 0.08);
  c.fill();
  c.stroke();
  c.beginPath();
  for (const share of [0.34, 0.67]) {
    c.moveTo(x + size * share, y + size * 0.16);
    c.lineTo(x + size * share, y + size * 0.88);
  }
  c.moveTo(x, y + size * 0.4);
  c.lineTo(x + size, y + size * 0.4);
  c.stroke();
  c.restore();
}

/** @param {Context} c @param {number} x @param {number} y @param {number} r */
export function cross(c, x, y, r) {
  c.beginPath();
  c.moveTo(x - r, y - r);
  c.lineTo(x + r, y + r);
  c.moveTo(x + r, y - r);
  c.lineTo(x - r, y + r);
  c.stroke();
}
