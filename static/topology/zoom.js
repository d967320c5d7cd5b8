/** The arithmetic of coming nearer: first what is shown grows into more (tiles become rooms, marks become people), then all of it grows. Pure. */

/** So many times its natural size the picture may be enlarged. */
const MOST = 3;

/** How much larger the stages are laid out, and how much larger all of that is then drawn.
 * @param {number} zoom @param {number} natural from there on everything in the scene can be read */
export function split(zoom, natural) {
  const layout = Math.min(Math.max(1, zoom), Math.max(1, natural));
  return { layout, scale: zoom / layout };
}

/** Where a point comes to lie when all that is beyond the origin grows. @param {number} at @param {number} origin @param {number} times */
export function nearer(at, origin, times) {
  return at <= origin ? at : origin + (at - origin) * times;
}

/** Everything at once, and as near as one can get.
 * @param {{ width: number, height: number, natural: number, view: string, stage: { width: number, height: number } }} how width and height: of the scene at 1 */
export function limits({ height, natural, stage }) {
  return { least: Math.min(1, Math.max(0.1, height ? stage.height / height : 1)), most: Math.max(1, natural) * MOST };
}
