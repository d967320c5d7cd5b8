/** A probe at work: a lens that ticks until its next look, its beam on the one it asks, and what it was answered. */

import { left } from "../gaps.js";
import { faint } from "../palette.js";
import { text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

const TAU = Math.PI * 2;

/** Left of the figure, below the badge: it covers no head. @param {Context} c @param {Palette} p @param {import("../people.js").Person} who
 * @param {number} now cluster time @param {{ x: number, y: number, height: number }} at feet */
export function paintBeam(c, p, who, now, { x, y, height }) {
  const ring = who.ring;
  const share = ring && left(ring, now);
  if (share == null) return;
  const lens = { x: x - height * 0.5, y: y - height * 0.5, r: Math.max(3.5, height * 0.1) };
  c.save();
  const light = c.createLinearGradient(lens.x, 0, x, 0);
  light.addColorStop(0, faint(p.ink, 0.6));
  light.addColorStop(1, faint(p.ink, 0));
  c.fillStyle = light;
  c.beginPath();
  c.moveTo(lens.x, lens.y - lens.r * 0.4);
  c.lineTo(x + height * 0.1, y - height * 0.62);
  c.lineTo(x + height * 0.1, y - height * 0.12);
  c.lineTo(lens.x, lens.y + lens.r * 0.4);
  c.fill();
  c.fillStyle = p.wall;
  c.beginPath();
  c.arc(lens.x, lens.y, lens.r, 0, TAU);
  c.fill();
  c.lineWidth = Math.max(1.6, height * 0.045);
  c.strokeStyle = p.track;
  c.stroke();
  c.strokeStyle = p.ink;
  c.lineCap = "butt";
  c.beginPath();
  c.arc(lens.x, lens.y, lens.r, -Math.PI / 2, -Math.PI / 2 + TAU * share);
  c.stroke();
  c.restore();
}

/** How often the probe said no, of how many times that count: "✗2/3". @param {import("../state.js").Row} row */
export function verdictOf(row) {
  const [, , , count, threshold, well] = row.probe ?? [];
  return count ? `${well ? "✓" : "✗"}${count}/${threshold}` : "";
}

/** Would it reach over whoever stands next? @param {Context} c @param {string} words @param {number} height @param {number} wide of the seat */
export function isNear(c, words, height, wide) {
  c.font = text(13, 800);
  return height * 0.1 + widthOf(c, words) + 4 > wide / 2;
}

/** Right of the head; where the next one stands too near, above it. @param {Context} c @param {Palette} p @param {string} words @param {number} x @param {number} y feet
 * @param {number} height @param {number} wide of the seat */
export function paintVerdict(c, p, words, x, y, height, wide) {
  if (!words) return;
  c.textAlign = "left";
  c.font = text(13, 800);
  const long = widthOf(c, words);
  const at = isNear(c, words, height, wide) ? { x: x - long / 2, y: y - height - 16 } : { x: x + height * 0.2, y: y - height * 0.98 };
  c.fillStyle = p.wall;
  c.beginPath();
  c.roundRect(at.x - 3, at.y, long + 7, 16, 5);
  c.fill();
  c.fillStyle = p.ink;
  c.fillText(words, at.x, at.y + 12.5);
}
