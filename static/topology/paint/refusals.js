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

/** @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box @param {string} words @param {boolean} flat */
function card(c, p, box, words, flat) {
  const size = box.width < 200 ? 13 : flat ? 15 : 18;
  c.save();
  c.font = text(size, 800);
  const lines = flat || box.width < 200 ? [words] : folded(c, words, Math.min(box.width - 60, 300));
  const wide = Math.min(box.width - 20, Math.max(...lines.map((line) => widthOf(c, line))) + size + 26);
  const high = lines.length * (size + 5) + 14;
  const x = box.x + (flat ? box.width - wide - 12 : (box.width - wide) / 2);
  const y = box.y + (flat ? 6 : Math.max(8, box.height * 0.32));
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
  lines.forEach((line, index) => c.fillText(fit(c, line, wide - size - 24), x + size + 16, y + size + 4 + index * (size + 5)));
  c.restore();
}

/** @param {Context} c @param {string} words @param {number} most @returns {string[]} three lines at most */
function folded(c, words, most) {
  const lines = [""];
  for (const word of words.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && widthOf(c, `${last} ${word}`) > most && lines.length < 3) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
