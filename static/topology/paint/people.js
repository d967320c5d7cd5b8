/** People on the canvas: figure, shadow, badge, name and word; or one path per state where they are only marks. */

import { addMark, drawFigure } from "../figures.js";
import { mixed } from "../palette.js";
import { isNear, paintBeam, paintVerdict, verdictOf } from "./beam.js";
import { jar, jarOf, paintRing, texture } from "./gaps.js";
import { padlock } from "./icons.js";
import { broken, fit, shrink, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../people.js").Person} Person */
/** @typedef {import("../motion.js").Pose} Pose */

/** From this seat width on a pod is a figure; below it is a mark. */
export const FIGURE_FROM = 25;

/** @param {Context} c @param {Palette} p @param {Person} who @param {Pose} pose @param {number} now cluster time */
export function paintPerson(c, p, who, pose, now) {
  const height = heightOf(who) * pose.scale;
  c.save();
  c.globalAlpha = pose.alpha * (who.dim ? 0.22 : who.figure === "Completed" && !who.row.held ? 0.6 : 1);
  if (who.wanted) return wantedSeat(c, p, pose, height);
  shadow(c, p, pose.x, pose.y, height);
  // behind the figure, so that it covers nobody's head
  if (who.ring && who.pitch >= 34 && who.ring.kind !== "probe") paintRing(c, p, who.ring, now, { x: pose.x, y: pose.y - 2 - height * 0.5, r: height * 0.56, width: Math.max(2.4, height * 0.06) });
  if (who.ring?.kind === "probe" && who.pitch >= 34) paintBeam(c, p, who, now, { x: pose.x, y: pose.y - 2, height });
  if (pose.scale === 1) stamp(c, p, who, pose.x, pose.y - 2, height);
  else drawFigure(c, p, who.figure, pose.x, pose.y - 2, height);
  if (who.pitch >= 54 && who.label !== "side") beside(c, p, who, pose, height);
  if (who.row.held && who.pitch >= 29) padlock(c, p, pose.x, pose.y - 2 - height * 0.26, height * 0.36);
  if (who.badge && who.pitch >= 34) badge(c, p, who, pose, height);
  if (who.label === "below") labelBelow(c, p, who, pose);
  if (who.label === "hash") labelHash(c, p, who, pose);
  if (who.label === "side") labelBeside(c, p, who, pose, height);
  c.restore();
}

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/** A figure at rest is drawn once and then stamped. @param {Context} c @param {Palette} p @param {Person} who
 * @param {number} x @param {number} y @param {number} height */
function stamp(c, p, { figure, gap }, x, y, height) {
  const ratio = c.getTransform().a;
  const key = `${p.theme} ${figure} ${gap} ${height} ${ratio}`;
  const side = Math.ceil(height * 1.3);
  let sprite = sprites.get(key);
  if (!sprite) {
    if (sprites.size > 200) sprites.clear();
    sprite = Object.assign(document.createElement("canvas"), { width: side * ratio, height: side * ratio });
    const own = /** @type {Context} */ (sprite.getContext("2d"));
    own.scale(ratio, ratio);
    drawFigure(own, p, figure, side / 2, side - 8, height);
    own.translate(side / 2, side - 8);
    own.scale(height / 68, height / 68);
    texture(own, p, gap, figure);
    sprites.set(key, sprite);
  }
  const snap = (/** @type {number} */ at) => Math.round(at * ratio) / ratio;
  c.drawImage(sprite, snap(x - side / 2), snap(y - side + 8), side, side);
}

/** @param {Person} who */
export function heightOf(who) {
  return who.pitch * 0.895;
}

/** @param {Context} c @param {Palette} p @param {number} x @param {number} y @param {number} height */
function shadow(c, p, x, y, height) {
  c.fillStyle = p.shadow;
  c.beginPath();
  c.ellipse(x, y - 1, height * 0.42, height * 0.065, 0, 0, Math.PI * 2);
  c.fill();
}

/** What stands beside a figure that is large enough: the jar of memory and what the probe said. @param {Context} c @param {Palette} p @param {Person} who @param {Pose} pose @param {number} height */
function beside(c, p, who, pose, height) {
  if (who.row.probe && (who.pitch >= 62 || who.label !== "below" || !isNear(c, verdictOf(who.row), height, who.wide))) paintVerdict(c, p, verdictOf(who.row), pose.x, pose.y, height, who.wide);
  if (jarOf(who.row)) jar(c, p, who.row, { x: pose.x + height * 0.4, y: pose.y - 2, width: Math.max(8, height * 0.15), height: height * 0.5 });
}

/** Somebody who is wanted and is not there yet: an outline alone. @param {Context} c @param {Palette} p @param {Pose} pose @param {number} height */
function wantedSeat(c, p, pose, height) {
  c.setLineDash([5, 5]);
  c.lineWidth = 2;
  c.strokeStyle = p.muted;
  c.beginPath();
  c.arc(pose.x, pose.y - 2 - height * 0.83, height * 0.13, 0, Math.PI * 2);
  c.roundRect(pose.x - height * 0.3, pose.y - 2 - height * 0.63, height * 0.6, height * 0.63, [height * 0.3, height * 0.3, 3, 3]);
  c.stroke();
  c.restore();
}

/** The version stands left of the head, never over it. @param {Context} c @param {Palette} p @param {Person} who @param {Pose} pose @param {number} height */
function badge(c, p, who, pose, height) {
  const { text: words, fresh } = /** @type {{ text: string, fresh: boolean }} */ (who.badge);
  const big = who.pitch >= 54;
  c.font = text(big ? 15 : 12, 800);
  const width = widthOf(c, words) + (big ? 9 : 5);
  const high = big ? 20 : 15;
  const right = pose.x - height * 0.185;
  const top = pose.y - 2 - height * 0.95;
  c.beginPath();
  c.roundRect(right - width, top, width, high, 5);
  c.fillStyle = fresh ? p.accent : p.wall;
  c.fill();
  c.lineWidth = 1.8;
  c.strokeStyle = fresh ? p.accent : p.muted;
  c.stroke();
  c.fillStyle = fresh ? p.onAccent : p.ink;
  c.textAlign = "center";
  c.fillText(words, right - width / 2, top + high * 0.76);
}

/** @param {Context} c @param {Palette} p @param {Person} who @param {Pose} pose */
function labelBelow(c, p, who, pose) {
  const big = who.pitch >= 62;
  const most = who.wide + (who.restarts && who.pitch >= 54 ? 6 : who.pitch < 46 ? -1 : -4);
  c.textAlign = "center";
  c.fillStyle = p.ink;
  const line = pose.y + (big ? 17 : 14);
  if (who.pitch < 50 && who.row.system && who.wide >= 56) return twoLines(c, who.name, pose.x, line, most);
  c.font = text(12, 700);
  const folded = who.pitch >= 43 && widthOf(c, who.name) > most ? broken(c, who.name, most) : [who.name];
  const ticks = who.restarts && who.pitch >= 54 ? ` ↻${who.restarts}` : "";
  c.font = text(13, 700);
  const room = most - (ticks ? widthOf(c, ticks) : 0);
  const beside = Boolean(ticks) && folded.length === 1 && widthOf(c, who.name) <= room;
  const sizes = folded.length > 1 ? [13, 12, 11.5] : big ? [17, 15.5, 14, 13] : who.pitch < 46 ? [14, 13, 12, 11] : [14, 13, 12];
  const wide = folded.map((words, index) => shrink(c, words, pose.x, line + index * 13, beside ? room : most, { sizes, font: text, ahead: beside ? (most - room) / 2 : 0 }))[0];
  if (beside) restarts(c, p, ticks, pose.x - (most - room) / 2 + wide / 2, line);
  const low = folded.length > 1 && !(big && who.told);
  const told = !low && labelSub(c, p, who, pose.x, line + (big ? 17 : 14) + (folded.length - 1) * 13, most, ticks && !beside ? ticks.trim() : "");
  if (ticks && !beside && !told) restarts(c, p, ticks.trim(), pose.x - heightOf(who) * 0.22 - widthOf(c, ticks.trim()), pose.y - heightOf(who) * 0.78);
}

/** Below the name: its word, or what tells it apart. In a crowd a word that does not fit is left to the figure's shape, and a mark that has no place elsewhere stands here.
 * @param {Context} c @param {Palette} p @param {Person} who @param {number} x @param {number} y @param {number} most @param {string} ticks
 * @returns {boolean} are the ticks told? */
function labelSub(c, p, who, x, y, most, ticks) {
  if (who.pitch < 46) return false;
  const big = who.pitch >= 62;
  const verdict = !big && who.pitch >= 54 && isNear(c, verdictOf(who.row), heightOf(who), who.wide) ? verdictOf(who.row) : "";
  c.font = text(big ? 14 : 12.5, 600);
  const fits = who.sub && (big || widthOf(c, who.sub) <= most + 2);
  const marks = [verdict, ticks].filter(Boolean).join(" ");
  const both = fits && who.told ? `${who.sub} ${marks}` : marks;
  const words = marks && widthOf(c, both) <= most + 2 ? both : fits ? who.sub : "";
  c.fillStyle = who.told || verdict ? p.ink : p.muted;
  const lines = big ? broken(c, words, most + 2) : [words];
  lines.forEach((part, index) => shrink(c, part, x, y + index * 14, most + 3, { sizes: big ? [14, 13, 12] : [12.5, 12], font: (size) => text(size, 600) }));
  return words === both;
}

/** Only what tells it apart from its siblings, below the wires. @param {Context} c @param {Palette} p @param {Person} who @param {Pose} pose */
function labelHash(c, p, who, pose) {
  c.textAlign = "center";
  c.fillStyle = p.muted;
  shrink(c, who.name, pose.x, pose.y + 29, who.wide - 4, { sizes: [14, 13, 12], font: (size) => text(size, 600) });
}

/** Past restarts are a small quiet tick behind the name, not an alarm. @param {Context} c @param {Palette} p @param {string} ticks @param {number} x @param {number} y */
function restarts(c, p, ticks, x, y) {
  c.textAlign = "left";
  c.fillStyle = p.muted;
  c.font = text(13, 700);
  c.fillText(ticks, x, y);
  c.textAlign = "center";
}

/** @param {Context} c @param {string} words @param {number} x @param {number} y @param {number} most */
function twoLines(c, words, x, y, most) {
  c.font = text(13, 600);
  broken(c, words, most).forEach((part, index) => c.fillText(fit(c, part, most), x, y + index * 13));
}

/** @param {Context} c @param {Palette} p @param {Person} who @param {Pose} pose @param {number} height */
function labelBeside(c, p, who, pose, height) {
  const x = pose.x + height * 0.5 + 4;
  const most = who.wide - height - 10;
  c.textAlign = "left";
  c.fillStyle = p.ink;
  c.font = text(16, 700);
  const lines = broken(c, who.name, most);
  const plain = who.figure === "Ready";
  const first = pose.y - (lines.length > 1 || !plain ? 22 : 13);
  if (!plain) {
    c.fillText(fit(c, who.name, most), x, first);
    c.font = text(14, 600);
    if (who.figure === "Pending" && !who.row.node) reason(c, p, who.sub, x, first + 17, most);
    else c.fillText(fit(c, who.row.state === "Running" ? who.figure : (who.row.state ?? ""), most), x, first + 17);
  } else lines.forEach((words, index) => c.fillText(fit(c, words, most), x, first + index * 17));
}

/** Why it waits, in a bubble of its own. @param {Context} c @param {Palette} p @param {string} words @param {number} x @param {number} y @param {number} most */
function reason(c, p, words, x, y, most) {
  c.font = text(14, 700);
  const said = fit(c, words, most - 10);
  c.fillStyle = p.bubble;
  c.beginPath();
  c.roundRect(x - 1, y - 11, widthOf(c, said) + 14, 21, 7);
  c.moveTo(x + 1, y - 5);
  c.lineTo(x - 7, y - 2);
  c.lineTo(x + 1, y + 4);
  c.fill();
  c.fillStyle = p.onBubble;
  c.fillText(said, x + 6, y + 4.5);
}

/** Many at once: one path a state. Healthy is quiet, trouble is drawn last and loud.
 * @param {Context} c @param {Palette} p @param {{ who: Person, pose: Pose }[]} crowd */
export function paintMarks(c, p, crowd) {
  /** @type {Map<string, Path2D>} */
  const paths = new Map();
  const cores = new Path2D();
  for (const { who, pose } of crowd) {
    const key = `${who.figure}${who.dim ? " dim" : ""}`;
    const path = paths.get(key) ?? new Path2D();
    addMark(path, who.figure, pose.x, pose.y - who.pitch * 0.5, who.pitch * 0.34 * pose.scale);
    if (who.figure === "CrashLoopBackOff") addMark(cores, "Ready", pose.x, pose.y - who.pitch * 0.5, who.pitch * 0.13);
    paths.set(key, path);
  }
  const last = ["Ready", "Completed", "Pending", "Unknown", "ContainerCreating", "Running", "Terminating", "NotReady", "CrashLoopBackOff"];
  for (const figure of last) {
    for (const dim of [" dim", ""]) {
      const path = paths.get(figure + dim);
      if (path) paintMark(c, p, /** @type {import("../palette.js").Figure} */ (figure), path, Boolean(dim));
    }
  }
  c.fillStyle = p.theme === "dark" ? p.page : p.ink;
  c.fill(cores);
  strike(c, p, crowd);
}

/** What the API believes and is not so is struck out. @param {Context} c @param {Palette} p @param {{ who: Person, pose: Pose }[]} crowd */
function strike(c, p, crowd) {
  c.beginPath();
  let wide = 0;
  for (const { who, pose } of crowd) {
    if (who.gap !== "off" && who.gap !== "stopped") continue;
    const r = who.pitch * 0.36;
    wide = Math.max(1.2, who.pitch * 0.13);
    c.moveTo(pose.x - r, pose.y - who.pitch * 0.5 + r);
    c.lineTo(pose.x + r, pose.y - who.pitch * 0.5 - r);
  }
  if (!wide) return;
  c.lineWidth = wide;
  c.strokeStyle = p.dead;
  c.stroke();
}

/** @param {Context} c @param {Palette} p @param {import("../palette.js").Figure} figure @param {Path2D} path @param {boolean} dim */
function paintMark(c, p, figure, path, dim) {
  c.save();
  c.globalAlpha = dim ? 0.15 : 1;
  c.fillStyle = figure === "Ready" ? mixed(p.state.Ready, p.wall, 0.72) : p.state[figure];
  if (figure === "NotReady" && p.edge) {
    c.strokeStyle = p.edge;
    c.lineWidth = 2.5;
    c.stroke(path);
  }
  c.fill(path);
  c.restore();
}
