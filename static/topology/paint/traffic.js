/** Sockets, letters that differ, and requests on their way. */

import { display, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

/** A port: a full socket where somebody listens, crossed out where nobody does, dotted where it is only declared.
 * @param {Context} c @param {Palette} p @param {import("../trafficview.js").Socket} socket */
export function paintSocket(c, p, { x, y, words, kind, side }) {
  c.save();
  c.font = text(14, 700);
  const wide = widthOf(c, words) + 26;
  const left = side === "left" ? x - wide / 2 : x - wide + 14;
  c.beginPath();
  c.roundRect(left, y - 10, wide, 20, 6);
  c.fillStyle = p.stage;
  c.fill();
  c.lineWidth = 1.6;
  c.strokeStyle = kind === "declared" || kind === "port" ? p.muted : p.ink;
  if (kind === "declared") c.setLineDash([1.5, 3]);
  c.stroke();
  c.setLineDash([]);
  c.fillStyle = c.strokeStyle;
  c.textAlign = "left";
  c.fillText(words, left + 20, y + 5);
  c.beginPath();
  c.arc(left + 10, y, 4, 0, Math.PI * 2);
  if (kind === "open") c.fill();
  else c.stroke();
  if (kind === "closed") cross(c, left + 10, y, 6);
  c.restore();
}

/** @param {Context} c @param {number} x @param {number} y @param {number} r */
function cross(c, x, y, r) {
  c.lineWidth = 2.2;
  c.beginPath();
  c.moveTo(x - r, y - r);
  c.lineTo(x + r, y + r);
  c.moveTo(x + r, y - r);
  c.lineTo(x - r, y + r);
  c.stroke();
}

/** The label of the nearest miss, its wrong letters in boxes. @param {Context} c @param {Palette} p @param {import("../trafficview.js").Note} note */
export function paintNote(c, p, { x, y, pieces }) {
  c.save();
  c.textAlign = "left";
  c.fillStyle = p.muted;
  c.font = text(14, 600);
  c.fillText("the nearest miss:", x, y - 16);
  c.font = display(20);
  let at = x;
  for (const { text: words, off } of pieces) {
    const wide = widthOf(c, words);
    if (off) {
      c.fillStyle = p.bubble;
      c.beginPath();
      c.roundRect(at, y - 9, wide + 6, 26, 5);
      c.fill();
    }
    c.fillStyle = off ? p.onBubble : p.ink;
    c.fillText(words, at + (off ? 3 : 0), y + 11);
    at += wide + (off ? 7 : 1);
  }
  c.restore();
}

const HOP = 1400;

/** Dots that travel from hop to hop; what fails stops at a cross before the last. @param {Context} c @param {Palette} p
 * @param {import("../trafficview.js").Stream} stream @param {number} now milliseconds of wall time @param {boolean} still */
export function paintStream(c, p, { points, rate, ok }, now, still) {
  const hops = points.length - 1;
  const dots = still ? 0 : Math.min(6, Math.max(1, Math.ceil(Math.log2(1 + rate))));
  c.save();
  c.fillStyle = c.strokeStyle = ok ? p.ink : p.state.CrashLoopBackOff;
  for (let dot = 0; dot < dots; dot += 1) {
    const far = ((now / (HOP * hops) + dot / dots) % 1) * hops;
    const hop = Math.min(hops - 1, Math.floor(far));
    const share = far - hop;
    if (!ok && hop === hops - 1 && share > 0.8) continue;
    const [[x, y], [toX, toY]] = [points[hop], points[hop + 1]];
    c.beginPath();
    if (ok) c.arc(x + (toX - x) * share, y + (toY - y) * share, 4.5, 0, Math.PI * 2);
    else c.rect(x + (toX - x) * share - 4, y + (toY - y) * share - 4, 8, 8);
    c.fill();
  }
  if (!ok) {
    const [[x, y], [toX, toY]] = points.slice(-2);
    cross(c, x + (toX - x) * 0.8, y + (toY - y) * 0.8, 8);
  }
  c.restore();
}
