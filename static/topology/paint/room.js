/** A stage: walls, lamp, steps, name, and how full it is. The room layer alone may use gradients and blur. */

import { faint } from "../palette.js";
import { told } from "../gaps.js";
import { cores, duration } from "../words.js";
import { paintRing } from "./gaps.js";
import { glow, lamp, lampAt } from "./lamp.js";
import { rope } from "./rope.js";
import { stamped } from "./stamp.js";
import { display, fit, shrink, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../nodesview.js").Room} Room */
/** @typedef {{ lamp: number, now: number }} Light lamp: 1 lit, 0 out; now: cluster time */

/** @param {Context} c @param {Palette} p @param {Room} room @param {Light} light */
export function paintStage(c, p, room, light) {
  const { box } = room;
  const out = !room.lit;
  c.save();
  c.globalAlpha = room.dim ? 0.55 : 1;
  if (out || room.dim || light.lamp < 1) backdrop(c, p, room, light.lamp);
  else stamped(c, box, [p.theme, ...room.floors.map((floor) => floor - box.y), room.small, room.pitch], (own) => backdrop(own, p, room, 1));
  lamp(c, p, room, light.lamp);
  head(c, p, room);
  if (out || room.dark || room.node?.silent) lastWords(c, p, room, light.now);
  else gauge(c, p, room);
  if (room.node?.cordoned) rope(c, p, room);
  border(c, p, room, out || room.dark);
  c.restore();
}

/** Walls, light and steps. @param {Context} c @param {Palette} p @param {Room} room @param {number} lamp */
function backdrop(c, p, room, lamp) {
  const { box } = room;
  const out = !room.lit;
  c.save();
  wall(c, box, 16);
  c.fillStyle = out && lamp < 0.02 ? p.dead : wallPaint(c, p, box, lamp);
  c.fill();
  c.clip();
  if (out) hatch(c, p, box, 1 - lamp);
  if (lamp > 0.01) glow(c, p, room, lamp);
  steps(c, p, room, out);
  c.restore();
}

/** @param {Context} c @param {import("../rooms.js").Box} box @param {number} radius */
function wall(c, box, radius) {
  c.beginPath();
  c.roundRect(box.x, box.y, box.width, box.height, radius);
}

/** @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box @param {number} lamp */
function wallPaint(c, p, box, lamp) {
  const paint = c.createLinearGradient(0, box.y, 0, box.y + box.height);
  paint.addColorStop(0, lamp > 0.5 ? p.wallTop : p.wall);
  paint.addColorStop(0.62, p.wall);
  paint.addColorStop(1, p.wall);
  return paint;
}

/** @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box @param {number} strength */
function hatch(c, p, box, strength) {
  c.save();
  c.globalAlpha *= strength;
  c.strokeStyle = p.hatch;
  c.lineWidth = 8;
  c.beginPath();
  for (let x = box.x - box.height; x < box.x + box.width; x += 26) {
    c.moveTo(x, box.y + box.height);
    c.lineTo(x + box.height, box.y);
  }
  c.stroke();
  c.restore();
}

/** Steps that people stand on: an edge that catches the light, a riser in shade. @param {Context} c @param {Palette} p @param {Room} room @param {boolean} out */
function steps(c, p, room, out) {
  const { box } = room;
  const rise = room.floors.length > 1 ? room.floors[0] - room.floors[1] : 120;
  if (room.level === "drawing" && room.pitch >= 29) {
    for (const floor of [...room.floors].reverse()) {
      const riser = c.createLinearGradient(0, floor, 0, floor + Math.min(58, rise));
      riser.addColorStop(0, faint(out ? p.dead : p.floor, out ? 0.5 : 0.92));
      riser.addColorStop(1, faint(out ? p.dead : p.floor, 0));
      c.fillStyle = riser;
      c.fillRect(box.x, floor, box.width, Math.min(58, rise));
      c.fillStyle = p.line;
      c.fillRect(box.x, floor - 1, box.width, 2);
    }
  }
  const foot = room.small ? 31 : 56;
  c.fillStyle = out ? faint(p.theme === "dark" ? "#000000" : p.ink, p.theme === "dark" ? 0.3 : 0.14) : p.floor;
  c.fillRect(box.x, box.y + box.height - foot, box.width, foot);
  c.fillStyle = p.line;
  c.fillRect(box.x, box.y + box.height - foot - 1, box.width, 2);
}

/** @param {Context} c @param {Palette} p @param {Room} room */
function head(c, p, room) {
  const { box, node } = room;
  if (!node) return;
  c.textBaseline = "alphabetic";
  c.textAlign = "left";
  c.fillStyle = p.ink;
  const x = box.x + 17;
  if (room.small) {
    const wide = pill(c, p, node, box.x + box.width - 12, box.y + 8, "right", box.width < 300);
    c.fillStyle = p.ink;
    shrink(c, room.name, x, box.y + 30, box.width - 40 - wide, { sizes: [24, 21, 18, 16], font: display });
    return;
  }
  shrink(c, room.name, x, box.y + 38, lampAt(room) - 34 - x, { sizes: [28, 25, 22, 19, 17, 15], font: display });
  pill(c, p, node, x - 2, box.y + 49, "left", false);
  c.textAlign = "right";
  c.fillStyle = room.dark && p.theme === "light" ? p.ink : p.muted;
  c.font = text(17, 600);
  if (box.width >= 290) c.fillText(fit(c, node.zone ?? "", box.width / 2 - 50), box.x + box.width - 17, box.y + 36);
}

/** The node's word: the same shape and colour as a pod's. @param {Context} c @param {Palette} p @param {import("../state.js").Row} node
 * @param {number} x @param {number} y @param {"left" | "right"} side @param {boolean} short @returns {number} its width */
function pill(c, p, node, x, y, side, short) {
  const good = node.state !== "NotReady";
  const word = node.state === "Unknown" ? "joining" : (node.state ?? "");
  c.font = text(short ? 15 : 18, 700);
  const height = short ? 26 : 32;
  const width = widthOf(c, word) + (short ? 36 : 46);
  const left = side === "left" ? x : x - width;
  c.beginPath();
  c.roundRect(left, y, width, height, height / 2);
  c.lineWidth = 2.2;
  c.strokeStyle = !good ? p.edge || p.state.NotReady : node.state === "Ready" ? p.state.Ready : p.muted;
  c.fillStyle = good ? faint(p.wall, 0.8) : p.state.NotReady;
  c.fill();
  c.stroke();
  const middle = y + height / 2;
  c.strokeStyle = !good ? "#1D1829" : node.state === "Ready" ? p.state.Ready : p.muted;
  c.lineWidth = 3.2;
  c.lineCap = c.lineJoin = "round";
  c.beginPath();
  if (good) sign(c, [[left + 12, middle], [left + 16, middle + 5], [left + 24, middle - 5]]);
  else sign(c, [[left + 17, middle - 8], [left + 17, middle + 1]], [[left + 17, middle + 7.5], [left + 17, middle + 7.6]]);
  c.stroke();
  c.textAlign = "left";
  c.fillStyle = good ? p.ink : "#1D1829";
  c.fillText(word, left + (short ? 28 : 33), middle + (short ? 5 : 6.3));
  return width;
}

/** @param {Context} c @param {...number[][]} lines */
function sign(c, ...lines) {
  for (const points of lines) points.forEach(([x, y], index) => (index ? c.lineTo(x, y) : c.moveTo(x, y)));
}

/** One block a core, so that it can be counted: what is asked for is an outline, what is used fills it.
 * @param {Context} c @param {Palette} p @param {Room} room */
function gauge(c, p, room) {
  const { box } = room;
  const y = box.y + box.height - (room.small ? 16 : 28);
  const short = `CPU ${cores(room.used)} / ${cores(room.cap)}`;
  c.font = text(room.small ? 15 : 18, 700);
  const long = `CPU ${room.busy < 95 ? (room.busy / 1000).toFixed(2) : cores(room.busy)} used, ${cores(room.used)} of ${cores(room.cap)} asked`;
  const words = !room.small && widthOf(c, long) < box.width * 0.62 ? long : short;
  c.textBaseline = "middle";
  c.textAlign = "right";
  c.fillStyle = p.ink;
  c.fillText(words, box.x + box.width - 17, y + 1);
  const wide = box.width - 34 - widthOf(c, words) - 14;
  c.textBaseline = "alphabetic";
  if (wide < 30 || !room.cap) return;
  const high = room.small ? 8 : 13;
  const blocks = Math.min(16, Math.max(1, Math.round(room.cap / 1000)));
  const step = (wide + 3) / blocks;
  const share = (/** @type {number} */ amount, /** @type {number} */ block) => Math.min(1, Math.max(0, (amount / room.cap) * blocks - block)) * (step - 3);
  for (let block = 0; block < blocks; block += 1) {
    const x = box.x + 17 + block * step;
    bar(c, p.track, x, y - high / 2, step - 3, high);
    const [asked, used] = [share(room.used, block), share(room.busy, block)];
    if (asked > 0) bar(c, faint(p.ink, 0.45), x, y - high / 2, Math.max(2, asked), high);
    if (used > 0) bar(c, p.ink, x, y - high / 2, Math.max(2, used), high);
    if (asked > 3) {
      c.strokeStyle = p.ink;
      c.lineWidth = 1.6;
      c.beginPath();
      c.roundRect(x + 0.8, y - high / 2 + 0.8, asked - 1.6, high - 1.6, 3);
      c.stroke();
    }
  }
}

/** @param {Context} c @param {string} colour @param {number} x @param {number} y @param {number} width @param {number} height */
function bar(c, colour, x, y, width, height) {
  c.fillStyle = colour;
  c.beginPath();
  c.roundRect(x, y, width, height, Math.min(height / 2, 4, width / 2));
  c.fill();
}

/** The two that hang in the air over a machine of which nothing is heard: until NotReady, and from then until eviction.
 * @param {Room} room @param {number} now @returns {{ ring: import("../gaps.js").Ring, words: string, short: string }[]} */
export function ringsOf(room, now) {
  const { node, ring } = room;
  const found = [];
  if (ring && told(ring, now)) found.push({ ring, words: told(ring, now), short: told(ring, now) });
  const waits = { kind: /** @type {const} */ ("toleration"), since: node?.noExecute ?? now, until: room.evictsAt, every: 0, word: "pods are evicted" };
  if (!room.dark && ring && room.tolerates) {
    const then = `then ${duration(room.tolerates)} until eviction`;
    found.push({ ring: { ...waits, since: now, until: now + room.tolerates }, words: then, short: then });
  } else if (room.evictsAt > now) found.push({ ring: waits, words: told(waits, now), short: told(waits, now).replace("pods are evicted", "evicts") });
  return found;
}

/** A machine of which nothing is heard: since when, and what comes next, each with its ring. @param {Context} c @param {Palette} p @param {Room} room @param {number} now */
function lastWords(c, p, room, now) {
  const { box, node } = room;
  const since = node?.beat ? ` for ${duration(now - node.beat)}` : "";
  const silent = node?.cut ? `cut off${since}` : `${node?.power === "frozen" ? "hangs, " : ""}no heartbeat${since}`;
  const rings = ringsOf(room, now);
  const bottom = box.y + box.height;
  const [r, step] = room.small ? [7, 19] : [14, 36];
  let x = box.x + 17;
  for (const { ring } of rings) {
    paintRing(c, p, ring, now, { x: x + r, y: bottom - (room.small ? 16 : 28), r, width: r * 0.3, empty: true });
    x += step;
  }
  x += rings.length ? 6 : 0;
  const wide = box.x + box.width - 17 - x;
  c.textAlign = "left";
  c.textBaseline = "alphabetic";
  c.fillStyle = p.ink;
  if (room.small) return void shrink(c, [silent, ...rings.map((one) => one.short)].slice(rings.length > 1 ? 1 : 0).join(" · "), x, bottom - 11, wide, { sizes: [15, 14, 13], font: text });
  const [first, second] = rings.length > 1 ? rings.map((one) => one.words) : [silent, rings[0]?.words ?? ""];
  shrink(c, first, x, bottom - (second ? 32 : 22), wide, { sizes: [19, 17, 15], font: text });
  c.fillStyle = p.theme === "light" ? p.ink : p.muted;
  shrink(c, second, x, bottom - 11, wide, { sizes: [17, 15, 14], font: (size) => text(size, 600) });
}

/** @param {Context} c @param {Palette} p @param {Room} room @param {boolean} out */
function border(c, p, room, out) {
  c.save();
  wall(c, room.box, 16);
  if (out) {
    c.setLineDash([14, 9]);
    c.lineWidth = 3.5;
    c.strokeStyle = p.state.Unknown;
  } else {
    c.lineWidth = 2;
    c.strokeStyle = p.line;
  }
  c.stroke();
  c.restore();
}
