/** What is drawn over the people: the flight from the door to a seat, and the ring around what is chosen. */

import { poseAt } from "../motion.js";
import { heightOf } from "./people.js";
import { text, widthOf } from "./text.js";

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {import("../palette.js").Palette} Palette */

/** A ring around the flyer, a dashed free seat, and dots along the way. @param {Context} c @param {Palette} p
 * @param {import("../people.js").Person} who @param {import("../motion.js").Move} step @param {number} now */
export function paintFlight(c, p, who, step, now) {
  const pose = poseAt(step, now);
  const height = heightOf(who);
  c.save();
  c.strokeStyle = p.accent;
  c.lineWidth = 3;
  c.setLineDash([7, 6]);
  c.beginPath();
  c.roundRect(step.to.x - height * 0.44, step.to.y - height - 2, height * 0.88, height + 2, 9);
  c.stroke();
  c.setLineDash([0.1, 9]);
  c.lineCap = "round";
  c.lineWidth = 4;
  c.beginPath();
  for (let i = 0; i <= 12; i += 1) {
    const ahead = poseAt(step, now + ((step.start + step.takes - now) * i) / 12);
    c.lineTo(ahead.x, ahead.y - height * 0.5);
  }
  c.stroke();
  c.setLineDash([]);
  if (height >= 22) {
    c.lineWidth = 2.5;
    c.beginPath();
    c.arc(pose.x, pose.y - height * 0.5, height * 0.72, 0, Math.PI * 2);
    c.globalAlpha = 0.3;
    c.fillStyle = p.wallTop;
    c.fill();
    c.globalAlpha = 1;
    c.stroke();
  }
  c.restore();
}

/** Encloses the figure and its name. @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box @param {number} width of the line */
export function paintFocus(c, p, box, width) {
  c.save();
  c.beginPath();
  c.roundRect(box.x - 5, box.y - 5, box.width + 10, box.height + 10, 13);
  c.lineWidth = width;
  c.strokeStyle = p.accent;
  c.stroke();
  c.restore();
}

/** Somebody points at it: a dashed frame in double line, to be seen on every wall. @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box
 * @param {number} [count] so many in it are meant, which are not drawn one by one */
export function paintTarget(c, p, box, count = 0) {
  c.save();
  c.beginPath();
  c.roundRect(box.x - 6, box.y - 6, box.width + 12, box.height + 12, 14);
  c.lineWidth = 6;
  c.strokeStyle = p.page;
  c.stroke();
  c.setLineDash([10, 6]);
  c.lineWidth = 3.4;
  c.strokeStyle = p.ink;
  c.stroke();
  if (count) plate(c, p, box, count);
  c.restore();
}

/** How many, on the upper edge. @param {Context} c @param {Palette} p @param {import("../rooms.js").Box} box @param {number} count */
function plate(c, p, box, count) {
  c.font = text(15, 800);
  const words = box.width > 90 ? `${count} in it` : String(count);
  const wide = widthOf(c, words) + 12;
  const x = box.x + box.width / 2 - wide / 2;
  c.fillStyle = p.bubble;
  c.beginPath();
  c.roundRect(x, box.y - 17, wide, 21, 7);
  c.fill();
  c.fillStyle = p.onBubble;
  c.textAlign = "left";
  c.fillText(words, x + 6, box.y - 1.5);
}
