/** Sockets, letters that differ, and requests on their way. */

import { lengthOf, pointAt } from "../ropes.js";
import { cross } from "./icons.js";
import { display, fit, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

/** A port: a full socket where somebody listens, crossed out where nobody does, dotted where it is only declared.
 * @param {Context} c @param {Palette} p @param {import("../trafficview.js").Socket} socket */
export function paintSocket(c, p, { x, y, words, kind, side }) {
  c.save();
  c.font = text(14, 700);
  const wide = widthOf(c, words) + 26;
  const left = side === "aside" ? x : side === "left" ? x - wide / 2 : x - wide + 14;
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
  c.lineWidth = 2.2;
  if (kind === "closed") cross(c, left + 10, y, 6);
  c.restore();
}

/** The label of the nearest miss, its wrong letters in boxes. @param {Context} c @param {Palette} p @param {import("../trafficview.js").Note} note */
export function paintNote(c, p, { x, y, pieces, who, width }) {
  c.save();
  c.textAlign = "left";
  c.fillStyle = p.muted;
  c.font = text(14, 600);
  c.fillText(fit(c, `the nearest miss is ${who}:`, width), x, y - 16);
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

/** The search list tried name by name. @param {Context} c @param {Palette} p @param {import("../trafficview.js").Tried} tried */
export function paintTried(c, p, { x, y, width, names }) {
  c.save();
  c.textAlign = "left";
  c.lineCap = "round";
  names.forEach(([name, reason], index) => {
    const line = y + index * 24;
    c.strokeStyle = c.fillStyle = p.ink;
    c.lineWidth = 2.2;
    cross(c, x + 5, line - 5, 5);
    c.font = text(15, 700);
    const words = fit(c, name.replace(/\.$/, ""), width - 24);
    c.fillText(words, x + 20, line);
    const far = widthOf(c, words) + 30;
    c.fillStyle = p.muted;
    c.font = text(14, 600);
    if (far + widthOf(c, reason) < width) c.fillText(reason, x + far, line);
  });
  c.restore();
}

/** Pixels a second. */
const SPEED = 190;

/** Dots that run along the ropes, or stand there for who wants no motion; what fails are squares that stop at a cross before the end. @param {Context} c @param {Palette} p
 * @param {import("../streams.js").Stream} stream @param {number} now milliseconds of wall time @param {boolean} still */
export function paintStream(c, p, { legs, rate, ok, reason }, now, still) {
  const whole = legs.reduce((sum, leg) => sum + lengthOf(leg), 0);
  const length = ok ? whole : Math.max(10, whole - 22);
  const dots = Math.min(6, Math.max(1, Math.ceil(Math.log2(1 + rate))));
  c.save();
  c.fillStyle = c.strokeStyle = ok ? p.ink : p.state.CrashLoopBackOff;
  for (let dot = 0; dot < dots; dot += 1) {
    const [x, y] = pointAt(legs, ((still ? 0 : (now * SPEED) / 1000 / length) + (dot + 0.5) / dots) % 1 * length);
    c.beginPath();
    if (ok) c.arc(x, y, 4.5, 0, Math.PI * 2);
    else c.rect(x - 4, y - 4, 8, 8);
    c.fill();
  }
  if (!ok) failure(c, p, pointAt(legs, length), reason);
  c.restore();
}

/** @param {Context} c @param {Palette} p @param {number[]} at @param {string} reason */
function failure(c, p, [x, y], reason) {
  c.lineWidth = 3;
  cross(c, x, y, 8);
  if (!reason) return;
  c.font = text(14, 800);
  c.textAlign = "center";
  const wide = widthOf(c, reason) + 14;
  c.fillRect(x - wide / 2, y - 32, wide, 20);
  c.fillStyle = p.glyph;
  c.fillText(reason, x, y - 17);
}
