/** Rows that stand closer, step by step, until all of them are seen without scrolling. Pure. */

/** Larger again only when so much of the room would then be free: what comes and goes at the edge moves nobody. */
const CALM = 0.92;

/** The first step at which all has room; that of before for as long as the one before it would nearly be full. -1: not even the last.
 * @template T @param {readonly T[]} steps the roomiest first @param {(step: T) => number} tall @param {number} room @param {number} [before] @returns {number} */
export function stepFor(steps, tall, room, before = 0) {
  const fits = steps.findIndex((step) => tall(step) <= room);
  if (fits < 0 || fits >= before || before >= steps.length) return fits;
  const calm = steps.findIndex((step) => tall(step) <= room * CALM);
  return calm < 0 ? before : Math.min(before, calm);
}
