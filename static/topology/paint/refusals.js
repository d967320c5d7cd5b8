/** On each stage its answer to somebody who waits at the door: why not here. */

import { fit, text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

/** @param {Context} c @param {Palette} p @param {import("../nodesview.js").Scene} scene @param {[string, string][]} refused node and reason
 * @returns {{ node: string, words: string }[]} what was written */
export function paintRefusals(c, p, scene, refused) {
  const said = [];
  for (const [node, words] of refused) {
    const room = scene.rooms.find((one) => one.node && one.name === node);
    if (!room || room.box.width < 84) continue;
    card(c, p, room.box, words, room.kind === "balcony");
    said.push({ node, words });
  }
  return said;
}

/** At the foot, where it covers nobody. @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box @param {string} words @param {boolean} flat */
function card(c, p, box, words, flat) {
  const size = box.width < 200 ? 13 : flat ? 15 : 18;
  const most = flat ? Math.min(210, box.width * 0.28) : box.width - 16;
  c.save();
  c.font = text(size, 800);
  const lines = flat || box.height < 120 ? [words] : folded(c, words, most - size - 26);
  const wide = Math.min(most, Math.max(...lines.map((line) => widthOf(c, line))) + size + 26);
  const high = lines.length * (size + 4) + 11;
  const x = box.x + (flat ? 14 : (box.width - wide) / 2);
  const y = box.y + box.height - high - (flat ? 4 : 6);
  c.fillStyle = p.bubble;
  c.beginPath();
  c.roundRect(x, y, wide, high, 10);
  c.fill();
  c.strokeStyle = c.fillStyle = p.onBubble;
  c.lineWidth = size * 0.16;
  c.lineCap = "round";
  const [left, middle, r] = [x + 10 + size * 0.35, y + high / 2, size * 0.34];
  c.beginPath();
  c.arc(left, middle, r * 1.25, 0, Math.PI * 2);
  c.moveTo(left - r * 0.8, middle + r * 0.8);
  c.lineTo(left + r * 0.8, middle - r * 0.8);
  c.stroke();
  c.textAlign = "left";
  lines.forEach((line, index) => c.fillText(fit(c, line, wide - size - 22), x + size + 14, y + size + 2 + index * (size + 4)));
  c.restore();
}

/** Two lines at most. @param {Context} c @param {string} words @param {number} most @returns {string[]} */
function folded(c, words, most) {
  const lines = [""];
  for (const word of words.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && widthOf(c, `${last} ${word}`) > most && lines.length < 2) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
