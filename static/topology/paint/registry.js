/** An image that cannot be pulled: a crossed line to the registry, what was typed, and the nearest that exists. */

import { cross, crate } from "./icons.js";
import { heightOf } from "./people.js";
import { fit, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../nodesview.js").Scene} Scene */

const CRATE = 30;

/** One a room, where there is room for it. @param {Context} c @param {Palette} p @param {Scene} scene
 * @returns {import("./bubble.js").Said[]} what was written, and where */
export function paintRegistries(c, p, scene) {
  const said = [];
  for (const room of scene.rooms) {
    if (!hasRegistry(room)) continue;
    const [who] = scene.people.filter((one) => one.room === room.name && one.row.pull && one.label === "below" && !one.dim).sort((a, b) => a.y - b.y);
    if (!who) continue;
    const lines = wordsOf(/** @type {string[]} */ (who.row.pull));
    said.push({ who: who.id, lines, box: sign(c, p, room.box, who, lines) });
  }
  return said;
}

/** @param {import("../nodesview.js").Room} room */
export function hasRegistry(room) {
  return room.kind === "stage" && room.lit && !room.dark && room.level === "drawing" && !room.small && room.box.width >= 280;
}

/** @param {string[]} pull what was typed, and, if that is to blame, the nearest or "" */
export function wordsOf([typed, nearest]) {
  if (nearest === undefined) return ["the registry is silent", typed];
  return nearest ? [`no ${typed}`, `nearest: ${nearest}`] : [`no ${typed}`, "and nothing like it"];
}

/** @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box @param {import("../people.js").Person} who @param {string[]} lines
 * @returns {import("../rooms.js").Box} */
function sign(c, p, box, who, lines) {
  const right = box.x + box.width - 14;
  const top = box.y + 50;
  c.save();
  c.font = text(15, 800);
  const wide = Math.min(box.width * 0.56 - CRATE, Math.max(...lines.map((line) => widthOf(c, line))));
  const x = right - CRATE - 12 - wide;
  line(c, p, [who.x, who.y - heightOf(who) - 4], [right - CRATE / 2, top + 36]);
  c.fillStyle = p.bubble;
  c.beginPath();
  const plate = { x: x - 10, y: top - 4, width: wide + CRATE + 30, height: 40 };
  c.roundRect(plate.x, plate.y, plate.width, plate.height, 10);
  c.fill();
  c.fillStyle = p.onBubble;
  c.textAlign = "left";
  lines.forEach((words, index) => {
    c.font = text(15, index ? 600 : 800);
    c.fillText(fit(c, words, wide), x, top + 12 + index * 17);
  });
  crate(c, { ...p, ink: p.onBubble, wall: p.bubble }, right - CRATE, top + 1, CRATE);
  c.restore();
  return plate;
}

/** @param {Context} c @param {Palette} p @param {number[]} from @param {number[]} to */
function line(c, p, [x, y], [toX, toY]) {
  const share = Math.min(0.5, 26 / Math.hypot(toX - x, toY - y));
  const middle = [toX + (x - toX) * share, toY + (y - toY) * share];
  c.strokeStyle = p.ink;
  c.lineWidth = 2.2;
  c.setLineDash([3, 6]);
  c.lineCap = "round";
  c.beginPath();
  c.moveTo(toX, toY);
  c.lineTo(middle[0], middle[1]);
  c.stroke();
  // beyond the cross nothing comes through: it is faint, and hides nobody
  c.globalAlpha = 0.4;
  c.beginPath();
  c.moveTo(middle[0], middle[1]);
  c.lineTo(x, y);
  c.stroke();
  c.globalAlpha = 1;
  c.setLineDash([]);
  c.strokeStyle = p.page;
  c.lineWidth = 8;
  cross(c, middle[0], middle[1], 7);
  c.strokeStyle = p.ink;
  c.lineWidth = 3.6;
  cross(c, middle[0], middle[1], 7);
}
