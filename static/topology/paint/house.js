/** The rooms that are no stages: the lobby at the door, the control plane's balcony, and the small rooms of the map. */

import { addMark } from "../figures.js";
import { faint } from "../palette.js";
import { cross } from "./icons.js";
import { display, fit, shrink, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../nodesview.js").Room} Room */

/** @param {Context} c @param {Palette} p @param {Room} room @param {number} waiting @param {string[]} plea on a phone, where no bubble has room */
export function paintDoor(c, p, room, waiting, plea) {
  const { box } = room;
  c.save();
  c.beginPath();
  c.roundRect(box.x, box.y, box.width, box.height, 16);
  c.setLineDash([2, 7]);
  c.lineCap = "round";
  c.lineWidth = 2.5;
  c.strokeStyle = p.line;
  c.stroke();
  c.setLineDash([]);
  c.clip();
  if (!room.small) doorway(c, p, box);
  c.restore();
  c.textAlign = "left";
  c.textBaseline = "alphabetic";
  c.fillStyle = p.ink;
  shrink(c, "At the door", box.x + 17, box.y + (room.small ? 29 : 38), box.width - 30, { sizes: room.small ? [20] : [28, 25, 22, 19], font: display });
  c.fillStyle = p.muted;
  c.font = text(room.small ? 15 : 17, 600);
  const words = waiting ? `${waiting} without a node` : "nobody waits";
  if (room.small) [words, ...plea].slice(0, 3).forEach((line, index) => c.fillText(fit(c, line, 158), box.x + 17, box.y + 50 + index * 17));
  else shrink(c, words, box.x + 17, box.y + 64, box.width - 30, { sizes: [17, 15, 14], font: (size) => text(size, 600) });
}

/** A door that stands open, and the light that falls through it. @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box */
function doorway(c, p, box) {
  const floor = box.y + box.height - 113;
  const right = box.x + box.width;
  const light = c.createLinearGradient(right, 0, right - 130, 0);
  light.addColorStop(0, `rgb(${p.lamp} / ${p.lampAlpha * 1.5})`);
  light.addColorStop(1, `rgb(${p.lamp} / 0)`);
  c.fillStyle = light;
  c.beginPath();
  c.moveTo(right, floor - 150);
  c.lineTo(right, floor);
  c.lineTo(right - 135, floor);
  c.fill();
  const shade = c.createLinearGradient(0, floor, 0, floor + 70);
  shade.addColorStop(0, faint(p.floor, 0.9));
  shade.addColorStop(1, faint(p.floor, 0));
  c.fillStyle = shade;
  c.fillRect(box.x, floor, box.width, 70);
  c.fillStyle = p.line;
  c.fillRect(box.x, floor - 1, box.width, 2);
  c.fillStyle = p.shade;
  c.fillRect(right - 5, floor - 156, 5, 157);
  c.fillRect(right - 20, floor - 159, 20, 5);
}

/** The control plane sits above the stages, behind a balustrade, and directs. @param {Context} c @param {Palette} p @param {Room} room */
export function paintBalcony(c, p, room) {
  const { box, node } = room;
  const out = room.dark || !room.lit;
  const phone = box.width < 480;
  c.save();
  c.globalAlpha = room.dim ? 0.6 : 1;
  c.beginPath();
  c.roundRect(box.x, box.y, box.width, box.height, [30, 30, 12, 12]);
  c.fillStyle = out ? p.dead : p.floor;
  c.fill();
  c.save();
  c.clip();
  balustrade(c, p, box);
  c.restore();
  c.lineWidth = out ? 3.5 : 2;
  if (out) c.setLineDash([14, 9]);
  c.strokeStyle = out ? p.state.Unknown : p.line;
  c.stroke();
  c.setLineDash([]);
  c.textAlign = "left";
  c.fillStyle = p.ink;
  shrink(c, room.name, box.x + 22, box.y + (phone ? 28 : 34), phone ? box.width * 0.6 : Math.min(190, box.width * 0.26), { sizes: [21, 19, 17, 15], font: display });
  c.fillStyle = p.muted;
  c.font = text(15, 600);
  const word = out ? (room.dark ? (node?.state ?? "") : node?.power === "frozen" ? "hangs" : "no power") : `${node?.state}${node?.cordoned ? " · cordoned" : ""} · control plane`;
  if (room.dark) amber(c, p, word, phone ? box.x + box.width - 16 : box.x + 20, box.y + (phone ? 8 : 42), phone);
  else if (phone) {
    c.textAlign = "right";
    c.fillText(out ? word : (node?.state ?? ""), box.x + box.width - 20, box.y + 27);
  } else c.fillText(fit(c, word, Math.min(190, box.width * 0.26)), box.x + 22, box.y + 56);
  c.restore();
}

/** The same word in the same colour as on a stage. @param {Context} c @param {Palette} p @param {string} words @param {number} x @param {number} y @param {boolean} toTheLeft */
function amber(c, p, words, x, y, toTheLeft) {
  c.font = text(15, 700);
  const width = widthOf(c, words) + 20;
  c.fillStyle = p.state.NotReady;
  c.strokeStyle = p.edge || p.state.NotReady;
  c.lineWidth = 2;
  c.beginPath();
  c.roundRect(toTheLeft ? x - width : x, y, width, 24, 12);
  c.fill();
  c.stroke();
  c.fillStyle = "#1D1829";
  c.textAlign = "left";
  c.fillText(words, (toTheLeft ? x - width : x) + 10, y + 17);
}

/** @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box */
function balustrade(c, p, box) {
  const top = box.y + box.height - 11;
  c.fillStyle = faint(p.line, 0.55);
  c.fillRect(box.x, top, box.width, 2);
  for (let x = box.x + 8; x < box.x + box.width; x += 14) c.fillRect(x, top + 2, 3, 10);
}

/** A room of the map: seats as marks, free seats faint, a thin bar. @param {Context} c @param {Palette} p @param {Room} room */
export function paintMapRoom(c, p, room) {
  const { box } = room;
  const out = room.dark || !room.lit;
  const loud = room.worst === "CrashLoopBackOff" && !out;
  c.save();
  c.beginPath();
  c.roundRect(box.x, box.y, box.width, box.height, 7);
  c.fillStyle = out ? p.dead : p.wall;
  c.fill();
  if (loud) {
    c.fillStyle = faint(p.state.CrashLoopBackOff, 0.22);
    c.fill();
    c.strokeStyle = p.ink;
    c.lineWidth = Math.min(6, box.width * 0.12);
    c.stroke();
  }
  c.strokeStyle = out ? p.state.Unknown : loud ? p.state.CrashLoopBackOff : p.line;
  c.lineWidth = out || loud ? Math.min(3, box.width * 0.06 + 0.5) : 1;
  if (out) c.setLineDash([6, 4]);
  c.stroke();
  c.setLineDash([]);
  if (out) crossOut(c, p, box);
  else freeSeats(c, p, room);
  const share = room.cap ? Math.min(1, room.used / room.cap) : 0;
  c.fillStyle = p.track;
  c.fillRect(box.x + 5, box.y + box.height - 6, box.width - 10, 3.5);
  c.fillStyle = p.ink;
  c.fillRect(box.x + 5, box.y + box.height - 6, (box.width - 10) * share, 3.5);
  if (box.width >= 84) {
    c.textAlign = "left";
    c.fillStyle = out && p.theme === "light" ? p.ink : p.muted;
    shrink(c, room.name, box.x + 8, box.y + 17, box.width - 16 - (room.node?.cordoned ? 18 : 0), { sizes: [14, 13, 12], font: text });
  }
  if (room.node?.cordoned) {
    c.fillStyle = p.ink;
    c.fillRect(box.x + box.width - 22, box.y + 10, 15, 4);
  }
  c.restore();
}

/** A tile: how full it is, and one mark for the worst thing in it. @param {Context} c @param {Palette} p @param {Room} room */
export function paintTile(c, p, room) {
  const { box } = room;
  const out = room.dark || !room.lit;
  const share = room.cap ? Math.min(1, room.used / room.cap) : 0;
  c.fillStyle = out ? p.dead : p.wall;
  c.fillRect(box.x, box.y, box.width, box.height);
  if (out) {
    c.strokeStyle = p.state.Unknown;
    c.lineWidth = 1.5;
    c.strokeRect(box.x + 1, box.y + 1, box.width - 2, box.height - 2);
    return crossOut(c, p, { ...box, y: box.y + box.height * 0.18 });
  }
  c.fillStyle = faint(p.state.Ready, p.theme === "dark" ? 0.4 : 0.5);
  c.fillRect(box.x, box.y + box.height * (1 - share), box.width, box.height * share);
  if (!room.worst) return;
  const figure = /** @type {import("../palette.js").Figure} */ (room.worst);
  const mark = new Path2D();
  addMark(mark, figure, box.x + box.width / 2, box.y + box.height / 2, Math.min(box.width, box.height) * 0.26);
  c.fillStyle = p.state[figure];
  c.strokeStyle = p.page;
  c.lineWidth = 2;
  c.stroke(mark);
  c.fill(mark);
}

/** @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box */
function crossOut(c, p, box) {
  const named = box.width >= 84;
  const [x, y, r] = named ? [box.x + box.width / 2, box.y + 31, 7] : [box.x + box.width / 2, box.y + box.height * 0.32, Math.min(box.width, box.height) * 0.17];
  c.strokeStyle = p.state.Unknown;
  c.lineWidth = Math.max(2, r * 0.5);
  c.lineCap = "round";
  cross(c, x, y, r);
}

/** @param {Context} c @param {Palette} p @param {Room} room */
function freeSeats(c, p, room) {
  c.fillStyle = p.line;
  const r = Math.max(0.7, room.pitch * 0.1);
  c.beginPath();
  for (const floor of room.floors) {
    for (let column = 0; column < room.columns; column += 1) {
      const x = room.left + (column + 0.5) * room.spacing;
      c.moveTo(x + r, floor - room.pitch * 0.5);
      c.arc(x, floor - room.pitch * 0.5, r, 0, Math.PI * 2);
    }
  }
  c.fill();
}

/** @param {Context} c @param {Palette} p @param {{ name: string, note: string, box: import("../rooms.js").Box }} zone */
export function paintZone(c, p, { name, note, box }) {
  c.textAlign = "left";
  c.fillStyle = p.ink;
  const wide = shrink(c, name, box.x, box.y + 22, box.width * 0.4, { sizes: [24, 20, 17], font: display });
  c.textAlign = "right";
  c.fillStyle = p.muted;
  shrink(c, note, box.x + box.width, box.y + 22, box.width - wide - 14, { sizes: [16, 14.5, 13], font: (size) => text(size, 600) });
}

/** An empty stage says how to begin. @param {Context} c @param {Palette} p @param {string[]} lines @param {number} x @param {number} y */
export function paintInvitation(c, p, lines, x, y) {
  c.textAlign = "center";
  const fonts = lines.map((line, index) => fontFor(c, line, index ? [17, 15, 13] : [22, 20], index ? (size) => text(size, 600) : display, 2 * x - 24));
  const wide = Math.max(...lines.map((line, index) => {
    c.font = fonts[index];
    return widthOf(c, line);
  }));
  c.fillStyle = faint(p.page, 0.82);
  c.beginPath();
  c.roundRect(x - wide / 2 - 22, y - 34, wide + 44, 20 + lines.length * 30, 14);
  c.fill();
  lines.forEach((line, index) => {
    c.font = fonts[index];
    c.fillStyle = index ? p.muted : p.ink;
    c.fillText(line, x, y + index * 30);
  });
}

/** The largest of the sizes in which the words fit. @param {CanvasRenderingContext2D} c @param {string} words @param {number[]} sizes
 * @param {(size: number) => string} face @param {number} most */
function fontFor(c, words, sizes, face, most) {
  const fits = sizes.find((size) => {
    c.font = face(size);
    return widthOf(c, words) <= most;
  });
  return face(fits ?? sizes[sizes.length - 1]);
}
