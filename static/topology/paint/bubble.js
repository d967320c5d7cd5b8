/** Speech: what a waiting pod needs, what a crashing one waits for. Placed where it covers nobody. */

import { duration } from "../words.js";
import { DOOR } from "../lobby.js";
import { overlap } from "../rooms.js";
import { heightOf } from "./people.js";
import { fit, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../people.js").Person} Person */

/** @typedef {{ who: string, lines: string[], box?: import("../rooms.js").Box }} Said what was written, by whom or on which room, and where if nothing else may stand there */

/** @param {Context} c @param {Palette} p @param {import("../nodesview.js").Scene} scene @param {number} now cluster time
 * @param {Said[]} before what was written already @returns {Said[]} */
export function paintBubbles(c, p, scene, now, before = []) {
  const taken = before.flatMap((one) => one.box ?? []);
  const said = /** @type {Said[]} */ ([]);
  for (const bubble of scene.bubbles) {
    if (bubble.room) {
      callout(c, p, scene, bubble, taken);
      said.push({ who: bubble.room, lines: bubble.lines });
      continue;
    }
    const who = scene.people.find((one) => one.id === bubble.who);
    if (!who || who.dim) continue;
    const lines = [...bubble.lines, ...(bubble.until > now ? [`waits, then tries again in ${duration(bubble.until - now)}`] : [])];
    const fitting = [lines, lines.slice(-1), lines.slice(0, 1)].map((some) => ({ some, box: place(c, scene, who, some, taken) })).find((one) => one.box);
    if (fitting?.box && (fitting.some === lines || !chips(c, scene, who, lines, taken))) {
      speak(c, p, fitting.box, who, fitting.some, bubble.figure);
      said.push({ who: who.id, lines: fitting.some });
    } else {
      const shown = chips(c, scene, who, lines, taken);
      if (shown) chip(c, p, shown, bubble.figure);
      if (shown) said.push({ who: who.id, lines: shown.lines });
    }
  }
  return said;
}

/** @param {Context} c @param {import("../nodesview.js").Scene} scene @param {Person} who @param {string[]} lines @param {import("../rooms.js").Box[]} taken */
function place(c, scene, who, lines, taken) {
  const room = scene.rooms.find((one) => one.name === who.room || (one.kind === "door" && who.room === DOOR));
  if (!room || (room.small && room.kind === "door")) return null;
  const size = room.small ? 15 : lines.length > 2 ? 16 : 19;
  c.font = text(size, 800);
  const width = Math.min(room.box.width - 8, Math.max(...lines.map((line) => widthOf(c, line))) + 28);
  const height = lines.length * (size + 5) + (lines.length > 2 ? 12 : 16);
  const top = room.kind === "door" ? highest(scene, room) : who.y - heightOf(who) - (who.ring ? 12 : 4);
  const y = top - height - (lines.length > 2 ? 10 : 14);
  const x = Math.max(room.box.x + 6, Math.min(who.x - width / 2, room.box.x + room.box.width - width - 6));
  const box = { x, y, width, height, size };
  const ceiling = room.kind === "door" ? room.box.y + 74 + scene.boxes.length * 52 : room.box.y + (room.small ? 40 : x < room.box.x + 120 ? 82 : 54); // the node's word stays in sight
  if (y < ceiling) return null;
  const covers = scene.people.some((one) => one.id !== who.id && one.room === who.room && room.kind !== "door" && overlap(box, frame(one)));
  return covers || taken.some((one) => overlap(box, one)) ? null : { ...box, tip: room.kind === "door" ? top - 4 : top };
}

/** @typedef {{ lines: string[], boxes: import("../rooms.js").Box[] }} Chips */

/** Where no bubble has room above the head: lines below one another in the head of the room, as many as cover nobody.
 * @param {Context} c @param {import("../nodesview.js").Scene} scene @param {Person} who @param {string[]} said @param {import("../rooms.js").Box[]} taken @returns {Chips | null} */
function chips(c, scene, who, said, taken) {
  const room = scene.rooms.find((one) => one.name === who.room);
  if (!room || room.small || room.node?.cordoned || room.box.width < 300) return null;
  const tops = scene.people.filter((one) => one.room === who.room).map((one) => one.y - heightOf(one) - (one.ring ? 6 : 0));
  const floor = Math.min(...tops);
  const plate = taken.find((one) => overlap(one, room.box));
  // the head has room for one short line; what is long goes below it
  const [first, ...rest] = [said[said.length - 1], ...said.slice(1, -1)];
  c.font = text(16, 800);
  const head = [`${who.name} ${first}`, `${who.name}: ${first.replace("waits, then tries again", "next try")}`].find((words) => widthOf(c, words) + 24 <= room.box.width - (plate ? 24 : 132));
  const top = plate ? plate.y + plate.height + 2 : room.box.y + 51;
  if (!head || top + 26 > floor) return null;
  const lines = [head];
  const boxes = [chipBox(c, room, head, top)];
  c.font = text(15, 700);
  for (const words of rest) {
    const y = top + (plate ? 0 : 3) + lines.length * 30;
    if (y + 26 > floor - 4) break;
    lines.push(fit(c, words, room.box.width - 44));
    boxes.push(chipBox(c, room, lines[lines.length - 1], y));
  }
  return { lines, boxes };
}

/** @param {Context} c @param {import("../nodesview.js").Room} room @param {string} words @param {number} y */
function chipBox(c, room, words, y) {
  const width = widthOf(c, words) + 24;
  return { x: room.box.x + room.box.width - width - 12, y, width, height: 26 };
}

/** @param {Context} c @param {Palette} p @param {Chips} chips @param {string} figure */
function chip(c, p, { lines, boxes }, figure) {
  const loud = figure === "CrashLoopBackOff";
  boxes.forEach(({ x, y, width, height }, index) => {
    c.fillStyle = loud ? p.state.CrashLoopBackOff : p.bubble;
    c.beginPath();
    c.roundRect(x, y, width, height, 9);
    c.fill();
    c.fillStyle = loud ? p.glyph : p.onBubble;
    c.font = text(index ? 15 : 16, index ? 700 : 800);
    c.textAlign = "left";
    c.fillText(lines[index], x + 12, y + 18.5);
  });
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
  c.fill();
  c.restore();
  c.fillStyle = loud ? p.state.CrashLoopBackOff : p.bubble;
  c.beginPath();
  c.moveTo(x - 12, box.y + box.height - 1);
  c.lineTo(x, box.tip);
  c.lineTo(x + 12, box.y + box.height - 1);
  c.fill();
  c.fillStyle = loud ? p.glyph : p.onBubble;
  c.textAlign = "left";
  lines.forEach((line, index) => {
    c.font = text(box.size, index === 0 ? 800 : 700);
    c.fillText(line, box.x + 14, box.y + box.size + 7 + index * (box.size + 5), box.width - 22);
  });
}
