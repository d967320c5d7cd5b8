/** The ropes of the Traffic view as many points, so that requests run along the very line that is drawn. Pure. */

/** @typedef {import("./rooms.js").Box} Box */
/** @typedef {number[][]} Path */

const STEPS = 26;

/** From one point to another, level at both ends. @param {number[]} from @param {number[]} to @returns {Path} */
export function swing([x, y], [toX, toY]) {
  const middle = (x + toX) / 2;
  return bezier([[x, y], [middle, y], [middle, toY], [toX, toY]]);
}

/** From a Service down to the line below its pods, and along it to one of them. @param {number[]} from @param {number} bend where the line begins
 * @param {number} under @param {number} x @returns {Path} */
export function cable([fromX, fromY], bend, under, x) {
  return [...bezier([[fromX, fromY], [bend + 4, fromY], [bend - 18, under], [bend + 10, under]]), [x, under]];
}

/** One Service calls another: an arc at their left. @param {Box} from @param {Box} to @param {number} nth so that arcs do not lie upon one another @returns {Path} */
export function arc(from, to, nth) {
  const [y, toY] = [from.y + from.height * 0.72, to.y + to.height * (to.y > from.y ? 0.3 : 0.72)];
  const out = Math.min(from.x, to.x) - 26 - (nth % 4) * 9;
  return bezier([[from.x, y], [out, y], [out, toY], [to.x, toY]]);
}

/** Square, with round corners left to the brush: down a spine, then aside. @param {number[]} from @param {number[]} to @returns {Path} */
export function elbow([x, y], [toX, toY]) {
  return [[x, y], [x, toY], [toX, toY]];
}

/** @param {Path} corners four @returns {Path} */
function bezier([a, b, c, d]) {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const t = step / STEPS;
    const u = 1 - t;
    return [0, 1].map((axis) => u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis]);
  });
}

/** How long it is, in pixels. @param {Path} path */
export function lengthOf(path) {
  return path.slice(1).reduce((sum, [x, y], index) => sum + Math.hypot(x - path[index][0], y - path[index][1]), 0);
}

/** The point after so many pixels, rope after rope. @param {Path[]} legs @param {number} far */
export function pointAt(legs, far) {
  let rest = far;
  for (const leg of legs) {
    for (let i = 1; i < leg.length; i += 1) {
      const [[x, y], [toX, toY]] = [leg[i - 1], leg[i]];
      const step = Math.hypot(toX - x, toY - y);
      if (rest <= step && step) return [x + ((toX - x) * rest) / step, y + ((toY - y) * rest) / step];
      rest -= step;
    }
  }
  return /** @type {number[]} */ (legs.at(-1)?.at(-1));
}
