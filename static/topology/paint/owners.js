/** Boxes and wires of the Ownership view. */

import { display, shrink, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

/** @param {Context} c @param {Palette} p @param {import("../ownershipview.js").Wire} wire */
export function paintWire(c, p, wire) {
  const [[x, y], ...rest] = wire.points;
  c.save();
  c.globalAlpha = wire.dim ? 0.3 : 1;
  c.strokeStyle = c.fillStyle = wire.kind === "own" ? p.line : p.muted;
  c.lineWidth = wire.kind === "own" ? 3 : 2;
  c.lineCap = "round";
  c.beginPath();
  if (!rest.length) plug(c, p, x, y, wire.kind === "serve");
  else if (rest.length === 1) swing(c, x, y, rest[0]);
  else {
    const [[bendX, bendY], [endX, endY]] = rest;
    c.moveTo(x, y);
    c.lineTo(bendX - 10, bendY);
    c.bezierCurveTo(bendX + 18, bendY, bendX - 4, endY, endX, endY);
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

/** @param {Context} c @param {Palette} p @param {import("../ownershipview.js").OwnerBox} owner @param {boolean} picked */
export function paintOwner(c, p, owner, picked) {
  const { box } = owner;
  c.save();
  c.globalAlpha = owner.dim ? 0.35 : 1;
  c.beginPath();
  c.roundRect(box.x, box.y, box.width, box.height, owner.kind === "Service" ? box.height / 2 : 10);
  c.fillStyle = owner.loose ? p.stage : owner.kind === "Deployment" ? p.wallTop : p.wall;
  c.fill();
  c.lineWidth = picked ? 4 : owner.kind === "Service" ? 2.4 : 1.8;
  c.strokeStyle = picked ? p.accent : owner.kind === "Service" ? p.ink : p.line;
  if (owner.loose && owner.kind) {
    c.strokeStyle = p.ink;
    c.setLineDash([7, 6]);
  }
  c.stroke();
  c.setLineDash([]);
  const centre = owner.kind === "Service";
  const x = centre ? box.x + box.width / 2 : box.x + 14;
  c.textAlign = centre ? "center" : "left";
  c.fillStyle = p.ink;
  shrink(c, owner.title, x, box.y + 24, box.width - 28, { sizes: [19, 17, 15, 14], font: display });
  c.fillStyle = p.muted;
  c.font = text(14, 600);
  const sub = owner.short && widthOf(c, owner.sub) > box.width - 26 ? owner.short : owner.sub;
  shrink(c, sub, x, box.y + 44, box.width - 26, { sizes: [15, 14, 13], font: (size) => text(size, 600) });
  c.restore();
}
