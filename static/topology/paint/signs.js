/** Each mark of the picture once more, small, for the legend. */

import { drawFigure } from "../figures.js";
import { jar, paintRing, texture } from "./gaps.js";
import { crate, cross, hourglass, padlock, signpost } from "./icons.js";
import { text } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../signs.js").Sign} Sign */

/** On 68 x 82 units, whatever was there before is gone. @param {Context} c @param {Palette} p @param {Sign} sign */
export function paintSign(c, p, sign) {
  c.save();
  c.clearRect(0, 0, 68, 82);
  c.lineCap = c.lineJoin = "round";
  c.strokeStyle = c.fillStyle = p.ink;
  c.lineWidth = 5;
  if (sign === "off" || sign === "shut" || sign === "alive") figure(c, p, sign);
  else if (sign === "jar") jar(c, p, { id: "", kind: "", name: "", use: [0, 45], mem: 60, lid: [0, 100] }, { x: 22, y: 74, width: 24, height: 60 });
  else if (sign === "restarts") word(c, p, "↻");
  else if (sign === "scar") jar(c, p, { id: "", kind: "", name: "", use: [0, 90], mem: 60, lid: [0, 100], oom: true }, { x: 22, y: 74, width: 24, height: 54 });
  else if (sign === "padlock") padlock(c, p, 34, 42, 50);
  else if (sign === "hourglass") hourglass(c, p, 34, 44, 56);
  else if (sign === "signpost") signpost(c, p, 26, 74, 56);
  else if (sign === "registry") registry(c, p);
  else if (sign === "tether") tether(c, p);
  else if (sign === "columns") columns(c, p);
  else if (sign === "request" || sign === "lost") request(c, p, sign);
  else if (sign === "probe") lens(c, p);
  else if (sign === "dark") dark(c, p);
  else if (sign === "cordoned") c.fillRect(8, 34, 52, 12);
  else if (sign === "wanted") wanted(c, p);
  else if (sign === "loose" || sign === "ghost" || sign === "served" || sign === "waits") cord(c, p, sign);
  else if (sign === "open" || sign === "closed" || sign === "declared") socket(c, p, sign);
  else paintRing(c, p, { kind: sign, since: 0, until: 100, every: 0, word: "" }, 32, { x: 34, y: 44, r: 25, width: 7, empty: true });
  c.restore();
}

/** @type {Record<"off" | "shut" | "alive", [import("../palette.js").Figure, import("../gaps.js").Gap]>} */
const TEXTURED = { off: ["Ready", "off"], shut: ["Running", "shut"], alive: ["Unknown", "runs"] };

/** @param {Context} c @param {Palette} p @param {"off" | "shut" | "alive"} sign */
function figure(c, p, sign) {
  const [who, gap] = TEXTURED[sign];
  drawFigure(c, p, who, 34, 78, 72);
  c.translate(34, 78);
  c.scale(72 / 68, 72 / 68);
  texture(c, { ...p, dead: p.page }, gap, who);
}

/** @param {Context} c @param {Palette} p */
function registry(c, p) {
  c.setLineDash([2, 9]);
  c.beginPath();
  c.moveTo(4, 62);
  c.lineTo(34, 44);
  c.stroke();
  c.setLineDash([]);
  crate(c, p, 34, 18, 30);
  cross(c, 16, 54, 9);
}

/** @param {Context} c @param {Palette} p */
function tether(c, p) {
  c.strokeStyle = p.accent;
  for (const [width, alpha] of [[20, 0.25], [6, 1]]) {
    c.globalAlpha = alpha;
    c.lineWidth = width;
    c.beginPath();
    c.moveTo(10, 44);
    c.lineTo(58, 44);
    c.stroke();
  }
}

/** @param {Context} c @param {Palette} p */
function columns(c, p) {
  c.strokeRect(10, 46, 18, 28);
  c.fillRect(40, 34, 18, 40);
  c.setLineDash([6, 6]);
  c.lineWidth = 3;
  c.beginPath();
  c.moveTo(2, 22);
  c.lineTo(66, 22);
  c.stroke();
}

/** @param {Context} c @param {Palette} p @param {"request" | "lost"} sign */
function request(c, p, sign) {
  c.strokeStyle = p.muted;
  c.lineWidth = 4;
  c.beginPath();
  c.moveTo(2, 44);
  c.lineTo(66, 44);
  c.stroke();
  c.fillStyle = c.strokeStyle = sign === "lost" ? p.state.CrashLoopBackOff : p.ink;
  c.beginPath();
  if (sign === "request") c.arc(34, 44, 10, 0, Math.PI * 2);
  else c.rect(10, 35, 18, 18);
  c.fill();
  c.lineWidth = 6;
  if (sign === "lost") cross(c, 50, 44, 11);
}

/** @param {Context} c @param {Palette} p */
function lens(c, p) {
  c.globalAlpha = 0.35;
  c.beginPath();
  c.moveTo(18, 40);
  c.lineTo(66, 20);
  c.lineTo(66, 72);
  c.lineTo(18, 48);
  c.fill();
  c.globalAlpha = 1;
  c.lineWidth = 6;
  c.beginPath();
  c.arc(18, 44, 12, -Math.PI / 2, Math.PI);
  c.stroke();
}

/** @param {Context} c @param {Palette} p @param {string} words */
function word(c, p, words) {
  c.font = text(46, 800);
  c.textAlign = "center";
  c.fillStyle = p.ink;
  c.fillText(words, 34, 60);
}

/** @param {Context} c @param {Palette} p */
function dark(c, p) {
  c.setLineDash([9, 8]);
  c.strokeStyle = p.state.Unknown;
  c.strokeRect(6, 20, 56, 52);
}

/** @param {Context} c @param {Palette} p */
function wanted(c, p) {
  c.setLineDash([8, 8]);
  c.strokeStyle = p.muted;
  c.beginPath();
  c.arc(34, 20, 10, 0, Math.PI * 2);
  c.roundRect(14, 34, 40, 42, [20, 20, 4, 4]);
  c.stroke();
}

/** @param {Context} c @param {Palette} p @param {"loose" | "ghost" | "served" | "waits"} sign */
function cord(c, p, sign) {
  if (sign === "ghost") c.setLineDash([2, 12]);
  if (sign === "waits") c.setLineDash([10, 9]);
  if (sign !== "loose") c.strokeStyle = p.muted;
  c.beginPath();
  c.moveTo(4, 44);
  c.lineTo(sign === "loose" ? 36 : 64, 44);
  c.stroke();
  if (sign !== "loose") return;
  c.fillRect(36, 32, 14, 24);
  c.fillRect(50, 36, 12, 5);
  c.fillRect(50, 47, 12, 5);
}

/** @param {Context} c @param {Palette} p @param {"open" | "closed" | "declared"} sign */
function socket(c, p, sign) {
  if (sign === "declared") {
    c.strokeStyle = p.muted;
    c.setLineDash([3, 8]);
  }
  c.beginPath();
  c.arc(34, 44, 17, 0, Math.PI * 2);
  if (sign === "open") c.fill();
  else c.stroke();
  if (sign !== "closed") return;
  c.beginPath();
  c.moveTo(10, 20);
  c.lineTo(58, 68);
  c.stroke();
}
