/** Light and blur are dear: what would be painted again just as it is, is painted once and then stamped. */

/** @typedef {CanvasRenderingContext2D} Context */

const MOST = 60;

/** @type {Map<string, HTMLCanvasElement>} */
const stamps = new Map();
/** Asked for once: what never comes again, as while the camera moves, is not worth a canvas of its own. @type {Set<string>} */
const asked = new Set();

/** To the pixel what `paint` would paint into this box. @param {Context} c without rotation @param {import("../rooms.js").Box} box
 * @param {unknown[]} look all that it depends on beside place and size @param {(c: Context) => void} paint */
export function stamped(c, box, look, paint) {
  const { a: ratio, e, f } = c.getTransform();
  const [left, top] = [Math.floor(box.x * ratio + e), Math.floor(box.y * ratio + f)];
  const [inX, inY] = [box.x * ratio + e - left, box.y * ratio + f - top];
  const key = [...look, ...[box.width, box.height, ratio, inX, inY].map((part) => part.toFixed(2))].join();
  if (!stamps.has(key) && !asked.has(key)) {
    if (asked.size > MOST) asked.clear();
    asked.add(key);
    return paint(c);
  }
  const stamp = stamps.get(key) ?? cut(c, box, ratio, left - e, top - f, paint);
  if (stamps.size > MOST) stamps.clear();
  stamps.set(key, stamp);
  c.save();
  c.resetTransform();
  c.drawImage(stamp, left, top);
  c.restore();
  return undefined;
}

/** @param {Context} c @param {import("../rooms.js").Box} box @param {number} ratio @param {number} x @param {number} y in pixels, of the scene @param {(c: Context) => void} paint */
function cut(c, box, ratio, x, y, paint) {
  const stamp = Object.assign(document.createElement("canvas"), { width: Math.ceil(box.width * ratio) + 2, height: Math.ceil(box.height * ratio) + 2 });
  const own = /** @type {Context} */ (stamp.getContext("2d"));
  own.setTransform(ratio, 0, 0, ratio, -x, -y);
  paint(own);
  return stamp;
}
