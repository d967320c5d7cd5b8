/** The rope before a cordoned stage. */

import { text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */
/** @typedef {import("../nodesview.js").Room} Room */

/** Cordoned: a rope across the stage. Who is inside may stay, nobody new comes in. @param {Context} c @param {Palette} p @param {Room} room */
export function rope(c, p, room) {
  const { box } = room;
  const base = room.floors[0];
  const high = room.small ? 26 : 44;
  const posts = Math.max(2, Math.round(box.width / 150) + 1);
  const gap = (box.width - 28) / (posts - 1);
  c.strokeStyle = c.fillStyle = p.shade;
  c.lineCap = "round";
  for (let post = 0; post < posts; post += 1) {
    const x = box.x + 14 + post * gap;
    c.lineWidth = 4;
    c.beginPath();
    c.moveTo(x, base - 2);
    c.lineTo(x, base - high);
    c.stroke();
    c.beginPath();
    c.arc(x, base - high - 2, 5, 0, Math.PI * 2);
    c.fill();
    if (post === posts - 1) continue;
    c.lineWidth = 6;
    c.beginPath();
    c.moveTo(x, base - high + 5);
    c.quadraticCurveTo(x + gap / 2, base - high + 34, x + gap, base - high + 5);
    c.stroke();
  }
  if (room.small) sticker(c, p, "cordoned", box.x + box.width / 2, box.y + 30, "center");
  else sticker(c, p, "cordoned", box.x + box.width - 15, box.y + 70, "right");
}

/** @param {Context} c @param {Palette} p @param {string} words @param {number} x @param {number} y @param {"right" | "center"} align */
function sticker(c, p, words, x, y, align) {
  c.font = text(16, 800);
  const width = widthOf(c, words) + 20;
  const left = align === "right" ? x - width : x - width / 2;
  c.fillStyle = p.ink;
  c.beginPath();
  c.roundRect(left, y - 18, width, 26, 8);
  c.fill();
  c.textAlign = "left";
  c.fillStyle = p.theme === "dark" ? p.onAccent : p.wall;
  c.fillText(words, left + 10, y);
}
