/** A rate from a slider's place and back: each fifth of the way is ten times as much. Pure. */

export const MOST = 100_000;

/** @param {number} place 0 to 100 @returns {number} requests a second, to two digits */
export function rateAt(place) {
  const rate = MOST ** (Math.min(100, Math.max(0, place)) / 100);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
  return Math.round(rate / step) * step;
}

/** @param {number} rate @returns {number} 0 to 100 */
export function placeOf(rate) {
  return rate < 1 ? 0 : Math.min(100, (100 * Math.log(rate)) / Math.log(MOST));
}

/** `850 µs`, `4.2 ms`, `180 ms`, `1.3 s`. @param {number} micros */
export function span(micros) {
  if (micros < 1e3) return `${Math.round(micros)} µs`;
  if (micros < 1e4) return `${(micros / 1e3).toFixed(1)} ms`;
  return micros < 1e6 ? `${Math.round(micros / 1e3)} ms` : `${(micros / 1e6).toFixed(1)} s`;
}

/** @typedef {[number, number, number, number, number, number, number]} Point second, sent, answered, failed, p50, p95, p99 */

/** Columns as a chart wants them; seconds count back from the newest, and a second without an answer has no time.
 * @param {Point[]} points @returns {{ rate: (number | null)[][], latency: (number | null)[][] }} */
export function columns(points) {
  const last = points.at(-1)?.[0] ?? 0;
  const back = points.map(([second]) => second - last);
  const time = (/** @type {number} */ at) => points.map((point) => point[at] || null);
  return {
    rate: [back, points.map((point) => point[2]), points.map((point) => point[3])],
    latency: [back, time(4), time(5), time(6)],
  };
}

/** The chart in a sentence. @param {Point[]} points */
export function words(points) {
  const last = points.at(-1);
  if (!last) return "Nothing was sent yet.";
  const [, sent, answered, failed, p50, , p99] = last;
  const times = answered ? ` Half of the answers came within ${span(p50)}, 99 of 100 within ${span(p99)}.` : "";
  return `In the last second ${sent} requests were sent, ${answered} were answered, ${failed} failed.${times}`;
}
