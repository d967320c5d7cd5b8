/** Boxes and wires of the Ownership view. */

import { faint } from "../palette.js";
import { paintRing } from "./gaps.js";
import { hourglass, padlock, signpost } from "./icons.js";
import { display, shrink, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

/** @typedef {{ old: number, oldReady: number, fresh: number, freshReady: number, most: number, least: number }} Columns a rollout's two versions, in pods */

/** @param {Context} c @param {Palette} p @param {import("../ownershipview.js").Wire} wire */
export function paintWire(c, p, wire) {
  if (wire.says) strain(c, p, wire);
  else if (wire.rope || wire.points.length > 3) along(c, p, wire);
  else cable(c, p, wire);
}

/** A rope along many points. @param {Context} c @param {Palette} p @param {import("../ownershipview.js").Wire} wire */
function along(c, p, { kind, points, dim }) {
  c.save();
  c.globalAlpha = dim ? 0.3 : 1;
  c.strokeStyle = p.muted;
  c.lineWidth = 2;
  c.lineCap = c.lineJoin = "round";
  if (kind !== "serve") c.setLineDash([7, 6]);
  c.beginPath();
  for (const [x, y] of points) c.lineTo(x, y);
  c.stroke();
  c.restore();
}

/** The owner pulls: its tether glows, and says what it wants and what there is. @param {Context} c @param {Palette} p @param {import("../ownershipview.js").Wire} wire */
function strain(c, p, { points: [[x, y], [toX]], says = [] }) {
  c.save();
  c.lineCap = "round";
  for (const [width, colour] of /** @type {[number, string][]} */ ([[13, faint(p.accent, 0.18)], [8, faint(p.accent, 0.3)], [3.5, p.accent]])) {
    c.lineWidth = width;
    c.strokeStyle = colour;
    c.beginPath();
    c.moveTo(x + 2, y);
    c.lineTo(toX, y);
    c.stroke();
  }
  c.textAlign = "center";
  c.fillStyle = p.ink;
  const middle = (x + toX) / 2;
  shrink(c, says[0], middle, y - 11, toX - x - 2, { sizes: [16, 15, 14], font: (size) => text(size, 800) });
  shrink(c, says[1] ?? "", middle, y + 23, toX - x - 2, { sizes: [16, 15, 14], font: (size) => text(size, 800) });
  c.fillStyle = p.muted;
  shrink(c, says[2] ?? "", middle, y + 41, toX - x - 2, { sizes: [15, 14, 13], font: (size) => text(size, 700) });
  c.restore();
}

/** @param {Context} c @param {Palette} p @param {import("../ownershipview.js").Wire} wire */
function cable(c, p, wire) {
  const [[x, y], ...rest] = wire.points;
  c.save();
  c.globalAlpha = wire.dim ? 0.3 : 1;
  c.strokeStyle = c.fillStyle = wire.kind === "own" ? p.line : p.muted;
  c.lineWidth = wire.kind === "own" ? 3 : 2;
  c.lineCap = "round";
  c.beginPath();
  if (wire.kind === "ghost" || wire.kind === "wait") c.setLineDash(wire.kind === "ghost" ? [2, 8] : [7, 6]);
  if (wire.kind === "loose") hang(c, p, [x, y], rest[0]);
  else if (!rest.length) plug(c, p, x, y, wire.kind === "serve");
  else if (rest.length === 1) swing(c, x, y, rest[0]);
  else {
    const [[bendX, bendY], [endX, endY]] = rest;
    const way = Math.sign(endX - x) || 1;
    c.moveTo(x, y);
    c.lineTo(bendX - 10 * way, bendY);
    c.bezierCurveTo(bendX + 18 * way, bendY, bendX - 4 * way, endY, endX, endY);
    c.stroke();
  }
  c.restore();
}

/** @param {Context} c @param {Palette} p @param {number} x @param {number} y @param {boolean} closed */
function plug(c, p, x, y, closed) {
  c.arc(x, y, closed ? 4.2 : 4.4, 0, Math.PI * 2);
  c.fillStyle = closed ? p.ink : p.stage;
  c.fill();
  if (!closed) c.stroke();
}

/** @param {Context} c @param {number} x @param {number} y @param {number[]} to */
function swing(c, x, y, [toX, toY]) {
  const middle = (x + toX) / 2;
  c.moveTo(x, y);
  c.bezierCurveTo(middle, y, middle, toY, toX, toY);
  c.stroke();
}

/** A cord that ends before the wall. @param {Context} c @param {Palette} p @param {number[]} from @param {number[]} to */
function hang(c, p, [x, y], [toX, toY]) {
  c.strokeStyle = c.fillStyle = p.ink;
  c.lineWidth = 2.4;
  c.moveTo(x, y);
  c.bezierCurveTo(x + (toX - x) * 0.5, y, x + (toX - x) * 0.5, toY, toX - 14, toY);
  c.stroke();
  c.beginPath();
  c.roundRect(toX - 15, toY - 6, 10, 12, 2);
  c.fill();
  c.fillRect(toX - 5, toY - 4, 7, 2.4);
  c.fillRect(toX - 5, toY + 2, 7, 2.4);
}

/** A cord that leads nowhere, with its plug. @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box */
function loosePlug(c, p, box) {
  const x = box.x + box.width;
  const y = box.y + box.height / 2;
  c.strokeStyle = c.fillStyle = p.ink;
  c.lineWidth = 2.4;
  c.lineCap = "round";
  c.beginPath();
  c.moveTo(x, y);
  c.quadraticCurveTo(x + 10, y, x + 10, y + 12);
  c.stroke();
  c.beginPath();
  c.roundRect(x + 5, y + 12, 10, 8, 2);
  c.fill();
  c.fillRect(x + 6.5, y + 19, 2, 6);
  c.fillRect(x + 11.5, y + 19, 2, 6);
}

/** Fine, bad and changing as parts of a bar; the bad part is hatched, so that it shows without colour.
 * @param {Context} c @param {Palette} p @param {import("../ownershipview.js").OwnerBox} owner */
function shares(c, p, { box, counts = [] }) {
  const thick = box.height < 40 ? 4 : 6;
  const sum = counts.reduce((one, other) => one + other, 0);
  const wide = box.width - 28;
  let x = box.x + 14;
  const y = box.y + box.height - (box.height < 40 ? 7 : 13);
  c.fillStyle = p.track;
  c.fillRect(x, y, wide, thick);
  counts.forEach((count, index) => {
    const part = sum && count ? Math.max(3, (count / sum) * wide) : 0;
    c.fillStyle = [p.state.Ready, p.state.CrashLoopBackOff, p.state.ContainerCreating][index];
    c.fillRect(x, index === 1 ? y - thick / 2 : y, part, index === 1 ? thick * 2 : thick);
    x += part;
  });
}

/** Each kind has a shape: a pill is a Service, a gate an Ingress, a drum a disk. @param {Context} c @param {import("../ownershipview.js").OwnerBox} owner */
function outline(c, { kind, box: { x, y, width, height } }) {
  if (kind === "Ingress") c.roundRect(x, y, width, height, [height / 2, height / 2, 4, 4]);
  else if (kind === "Disk") {
    const dip = 7;
    c.moveTo(x, y + dip);
    c.bezierCurveTo(x, y - dip / 2, x + width, y - dip / 2, x + width, y + dip);
    c.lineTo(x + width, y + height - dip);
    c.bezierCurveTo(x + width, y + height + dip / 2, x, y + height + dip / 2, x, y + height - dip);
    c.closePath();
  } else c.roundRect(x, y, width, height, kind === "Service" || kind === "Visitors" ? height / 2 : kind === "PersistentVolumeClaim" ? [18, 4, 18, 4] : 10);
}

/** @param {Context} c @param {Palette} p @param {import("../ownershipview.js").OwnerBox} owner @param {boolean} picked @param {number} [now] cluster time */
export function paintOwner(c, p, owner, picked, now = 0) {
  const { box } = owner;
  c.save();
  c.globalAlpha = owner.dim ? 0.35 : 1;
  c.beginPath();
  outline(c, owner);
  c.fillStyle = owner.loose ? p.stage : owner.kind === "Deployment" ? p.wallTop : p.wall;
  c.fill();
  c.lineWidth = picked ? 4 : owner.kind === "Service" ? 2.4 : 1.8;
  c.strokeStyle = picked ? p.accent : owner.kind === "Service" ? p.ink : p.line;
  if (owner.loose && owner.kind !== "") {
    c.strokeStyle = p.ink;
    c.setLineDash([7, 6]);
  }
  c.stroke();
  c.setLineDash([]);
  if (owner.plug) loosePlug(c, p, box);
  const centre = ["Service", "Ingress", "Visitors", "Disk", "Name"].includes(owner.kind);
  const x = centre ? box.x + box.width / 2 : box.x + 14;
  c.textAlign = centre ? "center" : "left";
  c.fillStyle = p.ink;
  if (box.height < 40) return flat(c, p, owner, now);
  shrink(c, owner.title, x, box.y + (box.height < 50 ? 19 : 24), box.width - 28, { sizes: [19, 17, 15, 14], font: display });
  c.fillStyle = p.muted;
  c.font = text(14, 600);
  const sub = owner.short && widthOf(c, owner.sub) > box.width - 26 ? owner.short : owner.sub;
  if (owner.counts) shares(c, p, owner);
  if (owner.note && !owner.columns) shrink(c, owner.note, x, box.y + 63, box.width - 26, { sizes: [14, 13, 12], font: (size) => text(size, 700) });
  if (owner.columns) columns(c, p, owner.columns, { x: box.x + 14, y: box.y + 115, width: box.width - 28 });
  if (owner.ring) paintRing(c, p, owner.ring, now, { x: box.x + box.width - 20, y: box.y + 20, r: 11, width: 3.6, empty: true });
  if (owner.held) padlock(c, p, box.x + box.width - 20, box.y + 18, 22);
  if (owner.sign === "hourglass") hourglass(c, p, box.x + box.width - 22, box.y + box.height / 2, 30);
  if (owner.sign === "signpost") signpost(c, p, box.x + box.width + 22, box.y + box.height - 8, 42);
  c.fillStyle = p.muted;
  shrink(c, sub, x, box.y + (box.height < 50 ? 36 : 44), box.width - 26, { sizes: [15, 14, 13], font: (size) => text(size, 600) });
  c.restore();
}

/** In a row that is low: the name, and beside it what there is to say. @param {Context} c @param {Palette} p @param {import("../ownershipview.js").OwnerBox} owner @param {number} now */
function flat(c, p, owner, now) {
  const { title, short, sub, box, ring, held, sign } = owner;
  if (owner.counts) shares(c, p, owner);
  const [left, base] = [box.x + 14, box.y + box.height / 2 + (owner.counts ? 2 : 5)];
  const right = box.x + box.width - 12 - (ring || held ? 22 : 0);
  c.textAlign = "left";
  c.fillStyle = p.ink;
  const wide = shrink(c, title, left, base, (right - left) * 0.66, { sizes: [16, 15, 14], font: display });
  if (ring) paintRing(c, p, ring, now, { x: right + 12, y: base - 5, r: 8, width: 3, empty: true });
  if (held) padlock(c, p, right + 11, base - 5, 16);
  if (sign === "signpost") signpost(c, p, box.x + box.width + 16, box.y + box.height - 1, 28);
  c.fillStyle = p.muted;
  c.textAlign = "right";
  shrink(c, short || sub, right, base, right - left - wide - 10, { sizes: [14, 13, 12], font: (size) => text(size, 600) });
  c.restore();
}

/** Two columns, the old that drains and the new that fills: outline what is there, full what is ready; the dashes are how many
 * there may be together, and how few may be ready. @param {Context} c @param {Palette} p @param {Columns} of @param {{ x: number, y: number, width: number }} at its foot */
function columns(c, p, { old, oldReady, fresh, freshReady, most, least }, { x, y, width }) {
  const high = 50;
  const unit = high / Math.max(1, most);
  c.save();
  [[old, oldReady, p.muted], [fresh, freshReady, p.accent]].forEach(([count, ready, colour], index) => {
    const left = x + 4 + index * 30;
    c.strokeStyle = c.fillStyle = /** @type {string} */ (colour);
    c.lineWidth = 2;
    c.strokeRect(left, y - Number(count) * unit, 22, Math.max(1, Number(count) * unit));
    c.fillRect(left, y - Number(ready) * unit, 22, Number(ready) * unit);
  });
  c.strokeStyle = p.ink;
  c.lineWidth = 1.8;
  c.setLineDash([4, 4]);
  c.beginPath();
  for (const level of [most, least]) {
    c.moveTo(x - 2, y - level * unit);
    c.lineTo(x + 68, y - level * unit);
  }
  c.stroke();
  c.setLineDash([]);
  c.textAlign = "left";
  c.fillStyle = p.ink;
  const room = width - 74;
  const near = (most - least) * unit < 16;
  shrink(c, `at most ${most}`, x + 73, y - most * unit + 5, room, { sizes: [14, 13, 12], font: (size) => text(size, 700) });
  shrink(c, `${least} must be ready`, x + 73, y - least * unit + (near ? 18 : 5), room, { sizes: [14, 13, 12], font: (size) => text(size, 700) });
  shrink(c, `${old} old, ${fresh} new`, x + 73, y + 2, least * unit < 22 ? 0 : room, { sizes: [14, 13, 12], font: (size) => text(size, 600) });
  c.restore();
}
