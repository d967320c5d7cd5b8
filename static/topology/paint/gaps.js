/** The third ink: rings that run out, the texture of what is not so, the shutter before who is not ready, and the jar. */

import { left } from "../gaps.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../people.js").Person} Person */

const TAU = Math.PI * 2;

/** A ring that runs out. @param {Context} c @param {Palette} p @param {import("../gaps.js").Ring} ring @param {number} now cluster time
 * @param {{ x: number, y: number, r: number, width: number, empty?: boolean }} at `empty`: nobody stands in it, so that there is room for a sign */
export function paintRing(c, p, ring, now, { x, y, r, width, empty = false }) {
  const share = left(ring, now);
  if (share === null) return;
  c.save();
  c.lineCap = "round";
  c.lineWidth = width;
  c.strokeStyle = p.track;
  c.beginPath();
  c.arc(x, y, r, 0, TAU);
  c.stroke();
  c.strokeStyle = p.ink;
  if (ring.kind === "probe") c.setLineDash([width * 0.4, width * 2.2]);
  c.beginPath();
  c.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + TAU * share);
  c.stroke();
  c.setLineDash([]);
  if (ring.kind === "grace" || ring.kind === "toleration") hand(c, p, x, y - r, width);
  if (ring.kind === "toleration") hand(c, p, x, y + r - width, width);
  if (empty) emblem(c, p, ring.kind, x, y, (r - width / 2) * 0.5);
  c.restore();
}

/** What happens when it has run out. @param {Context} c @param {Palette} p @param {import("../gaps.js").Ring["kind"]} kind @param {number} x @param {number} y @param {number} r */
function emblem(c, p, kind, x, y, r) {
  c.fillStyle = c.strokeStyle = p.ink;
  c.lineWidth = Math.max(1.5, r * 0.42);
  c.beginPath();
  if (kind === "back-off") {
    for (const [dx, dy] of [[-r * 0.7, -r], [r, 0], [-r * 0.7, r]]) c.lineTo(x + dx, y + dy);
    c.fill();
  } else if (kind === "node grace") {
    c.moveTo(x, y - r);
    c.lineTo(x, y + r * 0.2);
    c.moveTo(x, y + r * 0.9);
    c.lineTo(x, y + r);
    c.stroke();
  } else if (kind === "deadline") {
    c.fillRect(x - r * 0.8, y - r * 0.8, r * 0.6, r * 1.6);
    c.fillRect(x + r * 0.2, y - r * 0.8, r * 0.6, r * 1.6);
  } else if (kind === "toleration") {
    c.moveTo(x + r, y);
    c.lineTo(x - r, y);
    c.moveTo(x - r * 0.2, y - r * 0.8);
    c.lineTo(x - r, y);
    c.lineTo(x - r * 0.2, y + r * 0.8);
    c.stroke();
  }
}

/** At its end somebody has to go: a small wedge where the ring ends. @param {Context} c @param {Palette} p @param {number} x @param {number} y @param {number} width */
function hand(c, p, x, y, width) {
  c.fillStyle = p.ink;
  c.beginPath();
  c.moveTo(x, y + width * 1.6);
  c.lineTo(x - width * 1.7, y - width * 1.6);
  c.lineTo(x + width * 1.7, y - width * 1.6);
  c.fill();
}

/** Over a figure in its own canvas, in its units: what the API believes is crossed out by what is true.
 * @param {Context} c @param {Palette} p @param {Person["gap"]} gap @param {import("../palette.js").Figure} figure */
export function texture(c, p, gap, figure) {
  if (gap === "runs") return alive(c, p);
  c.save();
  c.globalCompositeOperation = "source-atop";
  if (gap === "shut") shutter(c, p, figure);
  else if (gap && figure !== "Unknown" && figure !== "Completed") {
    c.strokeStyle = p.dead;
    c.lineWidth = 4.4;
    hatch(c, -110, 60, 9.5, 80);
  }
  c.restore();
}

/** What runs without being believed: no fill, only the texture of what is true. @param {Context} c @param {Palette} p */
function alive(c, p) {
  c.save();
  c.globalCompositeOperation = "destination-over";
  c.beginPath();
  c.roundRect(-18, -62, 36, 57, [18, 18, 2, 2]);
  c.clip();
  c.strokeStyle = p.state.Running;
  c.lineWidth = 5;
  hatch(c, -90, 40, 10, 72);
  c.restore();
}

/** Slanting lines from a figure's feet up. @param {Context} c @param {number} from @param {number} to @param {number} step @param {number} rise */
function hatch(c, from, to, step, rise) {
  c.beginPath();
  for (let x = from; x < to; x += step) {
    c.moveTo(x, 4);
    c.lineTo(x + rise, 4 - rise);
  }
  c.stroke();
}

/** It runs behind closed slats: nobody is let in. @param {Context} c @param {Palette} p @param {import("../palette.js").Figure} figure */
function shutter(c, p, figure) {
  if (figure !== "Running") return;
  c.fillStyle = p.state[figure];
  c.fillRect(-16, -33, 32, 32);
  c.fillStyle = p.glyph;
  for (const y of [-31, -23.5, -16, -8.5]) c.fillRect(-15, y, 30, 4.2);
}

/** What its vessel shows in MiB: used, asked for, limit, and whether it has run over; null where none is drawn.
 * @param {import("../state.js").Row} row @returns {{ used: number, asked: number, lid: number | null, scar: boolean } | null} */
export function jarOf(row) {
  const lid = row.lid?.[1] ?? null;
  if (row.system || !(row.mem || lid || row.oom)) return null;
  return { used: row.use?.[1] ?? 0, asked: row.mem ?? 0, lid, scar: Boolean(row.oom) };
}

/** A vessel of memory: what is reserved is an outline, what is used fills it, the limit is its lid; touching it has left a scar.
 * @param {Context} c @param {Palette} p @param {import("../state.js").Row} row @param {{ x: number, y: number, width: number, height: number }} box feet left */
export function jar(c, p, row, { x, y, width, height }) {
  const { used, asked, lid, scar: scarred } = jarOf(row) ?? { used: 0, asked: 0, lid: null, scar: false };
  const full = lid ?? Math.max(asked, used) * 1.25;
  if (!full) return;
  const level = (/** @type {number} */ amount) => Math.min(1, amount / full) * (height - 2);
  c.save();
  c.fillStyle = p.wall;
  c.beginPath();
  c.roundRect(x, y - height, width, height, [1, 1, 3, 3]);
  c.fill();
  c.fillStyle = p.ink;
  if (used) c.fillRect(x + 1.5, y - 1 - Math.max(2, level(used)), width - 3, Math.max(2, level(used)));
  c.strokeStyle = p.muted;
  c.lineWidth = 1.6;
  c.beginPath();
  c.moveTo(x, y - height);
  c.lineTo(x, y);
  c.lineTo(x + width, y);
  c.lineTo(x + width, y - height);
  c.stroke();
  if (asked) {
    c.setLineDash([2.5, 2]);
    c.strokeStyle = p.ink;
    c.beginPath();
    c.moveTo(x - 2.5, y - 1 - level(asked));
    c.lineTo(x + width + 2.5, y - 1 - level(asked));
    c.stroke();
    c.setLineDash([]);
  }
  if (lid !== null) {
    c.fillStyle = p.ink;
    c.fillRect(x - 2.5, y - height - 2, width + 5, 3.4);
  }
  if (scarred) scar(c, p, x, y - height, width);
  c.restore();
}

/** @param {Context} c @param {Palette} p @param {number} x @param {number} y @param {number} width */
function scar(c, p, x, y, width) {
  c.strokeStyle = p.ink;
  c.lineWidth = 2;
  c.beginPath();
  c.moveTo(x - 4, y - 8);
  for (const [dx, dy] of [[width * 0.3, -4], [width * 0.1, -1], [width * 0.8, 3], [width * 0.5, 6], [width + 4, 11]]) c.lineTo(x + dx, y + dy);
  c.stroke();
}
