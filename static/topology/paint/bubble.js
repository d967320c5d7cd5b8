/** Speech: what a waiting pod needs, what a crashing one waits for. Placed where it covers nobody. */

import { duration } from "../words.js";
import { DOOR } from "../lobby.js";
import { overlap } from "../rooms.js";
import { heightOf } from "./people.js";
import { text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../people.js").Person} Person */

/** @param {Context} c @param {Palette} p @param {import("../nodesview.js").Scene} scene @param {number} now cluster time */
export function paintBubbles(c, p, scene, now) {
  const taken = /** @type {import("../rooms.js").Box[]} */ ([]);
  for (const bubble of scene.bubbles) {
    if (bubble.room) {
      callout(c, p, scene, bubble, taken);
      continue;
    }
    const who = scene.people.find((one) => one.id === bubble.who);
    if (!who || who.dim) continue;
    const lines = [...bubble.lines, ...(bubble.until > now ? [`next try in ${duration(bubble.until - now)}`] : [])];
    const box = place(c, scene, who, lines);
    if (box) speak(c, p, box, who, lines, bubble.figure);
    else if (bubble.figure) chip(c, p, scene, who, bubble.until > now ? `next try in ${duration(bubble.until - now)}` : bubble.lines[0]);
  }
}

/** @param {Context} c @param {import("../nodesview.js").Scene} scene @param {Person} who @param {string[]} lines */
function place(c, scene, who, lines) {
  const room = scene.rooms.find((one) => one.name === who.room || (one.kind === "door" && who.room === DOOR));
  if (!room || (room.small && room.kind === "door")) return null;
  const size = room.small ? 15 : lines.length > 2 ? 17 : 19;
  c.font = text(size, 800);
  const width = Math.min(room.box.width - 8, Math.max(...lines.map((line) => widthOf(c, line))) + 28);
  const height = lines.length * (size + 5) + 16;
  const top = room.kind === "door" ? highest(scene, room) : who.y - heightOf(who) - (who.restarts ? 12 : 4);
  const y = top - height - 14;
  const x = Math.max(room.box.x + 6, Math.min(who.x - width / 2, room.box.x + room.box.width - width - 6));
  const box = { x, y, width, height, size };
  const ceiling = room.kind === "door" ? room.box.y + 74 + scene.boxes.length * 52 : room.box.y + (room.small ? 40 : 52);
  if (y < ceiling) return null;
  const covers = scene.people.some((one) => one.id !== who.id && one.room === who.room && room.kind !== "door" && overlap(box, frame(one)));
  return covers ? null : { ...box, tip: room.kind === "door" ? top - 4 : top };
}

/** Where no bubble has room above the head: one line in the head of the room. @param {Context} c @param {Palette} p
 * @param {import("../nodesview.js").Scene} scene @param {Person} who @param {string} words */
function chip(c, p, scene, who, words) {
  const room = scene.rooms.find((one) => one.name === who.room);
  if (!room || room.small || room.node?.cordoned || room.box.width < 300) return;
  c.font = text(16, 800);
  const line = `${who.name}: ${words}`;
  const width = widthOf(c, line) + 24;
  if (width > room.box.width - 132) return;
  const box = { x: room.box.x + room.box.width - width - 14, y: room.box.y + 51 };
  c.fillStyle = p.state.CrashLoopBackOff;
  c.beginPath();
  c.roundRect(box.x, box.y, width, 29, 9);
  c.fill();
  c.fillStyle = p.glyph;
  c.textAlign = "left";
  c.fillText(line, box.x + 12, box.y + 20);
}

/** @param {import("../nodesview.js").Scene} scene @param {import("../nodesview.js").Room} room */
function highest(scene, room) {
  const tops = scene.people.filter((one) => one.room === DOOR).map((one) => one.y - heightOf(one));
  return Math.min(room.box.y + room.box.height, ...tops) - 4;
}

/** A word about a room of the map, above or below it, where it covers no other room in trouble. @param {Context} c @param {Palette} p
 * @param {import("../nodesview.js").Scene} scene @param {import("../nodesview.js").Bubble} bubble @param {import("../rooms.js").Box[]} taken */
function callout(c, p, scene, bubble, taken) {
  const room = scene.rooms.find((one) => one.id === bubble.room);
  if (!room) return;
  c.font = text(18, 800);
  const [width, height] = [widthOf(c, bubble.lines[0]) + 26, 34];
  const x = Math.max(8, Math.min(room.box.x + room.box.width / 2 - width / 2, scene.width - width - 8));
  const busy = [...taken, ...scene.zones.map((zone) => zone.box), ...scene.rooms.filter((one) => one !== room && (one.worst || one.dark)).map((one) => one.box)];
  const spots = [room.box.y - height - 10, room.box.y + room.box.height + 10].map((y) => ({ x, y, width, height }));
  const box = spots.find((spot) => !busy.some((other) => overlap(spot, other))) ?? spots[0];
  taken.push(box);
  const tip = box.y < room.box.y ? room.box.y - 1 : room.box.y + room.box.height + 1;
  const foot = box.y < room.box.y ? box.y + height - 1 : box.y + 1;
  const middle = room.box.x + room.box.width / 2;
  c.fillStyle = p.bubble;
  c.beginPath();
  c.roundRect(box.x, box.y, width, height, 9);
  c.moveTo(middle - 10, foot);
  c.lineTo(middle, tip);
  c.lineTo(middle + 10, foot);
  c.fill();
  c.fillStyle = p.onBubble;
  c.textAlign = "left";
  c.fillText(bubble.lines[0], box.x + 13, box.y + 23);
}

/** Where a person stands, words included. @param {Person} who */
export function frame(who) {
  const height = heightOf(who);
  const below = who.label === "hash" ? 33 : who.label === "below" ? (who.pitch >= 62 ? (who.told ? 54 : 40) : who.pitch >= 46 ? 32 : 17) : 4;
  if (who.label === "side") return { x: who.x - height * 0.5, y: who.y - height - 2, width: who.wide - 4, height: height + 8 };
  const wide = Math.max(who.pitch * 0.86, height * 0.86);
  return { x: who.x - wide / 2, y: who.y - height - 4, width: wide, height: height + below + 4 };
}

/** @param {Context} c @param {Palette} p @param {{ x: number, y: number, width: number, height: number, size: number, tip: number }} box
 * @param {Person} who @param {string[]} lines @param {string} figure */
function speak(c, p, box, who, lines, figure) {
  const loud = figure === "CrashLoopBackOff";
  const x = Math.max(box.x + 22, Math.min(who.x, box.x + box.width - 22));
  c.save();
  c.shadowColor = p.shadow;
  c.shadowBlur = 14;
  c.shadowOffsetY = 4;
  c.fillStyle = loud ? p.state.CrashLoopBackOff : p.bubble;
  c.beginPath();
  c.roundRect(box.x, box.y, box.width, box.height, 10);
  c.moveTo(x - 12, box.y + box.height - 1);
  c.lineTo(x, box.tip);
  c.lineTo(x + 12, box.y + box.height - 1);
  c.fill();
  c.restore();
  c.fillStyle = loud ? p.glyph : p.onBubble;
  c.textAlign = "left";
  lines.forEach((line, index) => {
    c.font = text(box.size, index === 0 ? 800 : 700);
    c.fillText(line, box.x + 14, box.y + box.size + 7 + index * (box.size + 5), box.width - 22);
  });
}
