/** The timeline's arithmetic: which moment lies where, how high a bar is, which mark comes next. Pure.
 * Times are microseconds of cluster time. */

/** @typedef {{ from: number, to: number }} Span */
/** @typedef {{ revision: number, at: number, sort: string, words: string, about: string[] }} Mark */

const SECOND = 1e6;
export const MINUTE = 60 * SECOND;
/** So far back one can always look. */
export const BACK = 30 * MINUTE;
const SHORTEST = MINUTE;

/** What the track shows: the last half hour, or the cluster's life where it is shorter; and the moment that is looked at.
 * @param {number} since the log's first line @param {number} now @param {number | null} at @returns {Span} */
export function spanOf(since, now, at) {
  const from = Math.max(Math.min(since, now - SHORTEST), now - BACK);
  return { from: at === null ? from : Math.max(since, Math.min(from, at)), to: now };
}

/** From 0 to 1. @param {Span} span @param {number} at */
export function share({ from, to }, at) {
  return Math.min(1, Math.max(0, (at - from) / Math.max(1, to - from)));
}

/** @param {Span} span @param {number} part from 0 to 1 */
export function momentAt({ from, to }, part) {
  return Math.round(from + Math.min(1, Math.max(0, part)) * (to - from));
}

/** Heights from 0 to 1, one a column: many changes stand out, a single one can be seen.
 * @param {Array<[number, number]>} bars times and counts @param {Span} span @param {number} columns */
export function heights(bars, span, columns) {
  const sums = new Array(columns).fill(0);
  for (const [at, count] of bars) {
    if (at >= span.from && at <= span.to) sums[Math.min(columns - 1, Math.floor(share(span, at) * columns))] += count;
  }
  const most = Math.log1p(Math.max(1, ...sums));
  return sums.map((sum) => (sum ? Math.max(0.12, Math.log1p(sum) / most) : 0));
}

/** Marks that would lie on one another are one, with a count; the gravest gives it its shape.
 * @param {Mark[]} marks @param {Span} span @param {number} width pixels */
export function groups(marks, span, width) {
  /** @type {Array<{ x: number, marks: Mark[], sort: string }>} */
  const found = [];
  for (const mark of marks) {
    if (mark.at < span.from || mark.at > span.to) continue;
    const x = share(span, mark.at) * width;
    const last = found.at(-1);
    if (last && x - last.x < 12) {
      last.marks.push(mark);
      if (GRAVITY.indexOf(mark.sort) > GRAVITY.indexOf(last.sort)) last.sort = mark.sort;
    } else found.push({ x, marks: [mark], sort: mark.sort });
  }
  return found;
}

const GRAVITY = ["rollout", "alarm", "fault"];

/** The mark before or behind a moment. @param {Mark[]} marks @param {number} at @param {boolean} forward @returns {Mark | undefined} */
export function markBeside(marks, at, forward) {
  return forward ? marks.find((mark) => mark.at > at) : marks.findLast((mark) => mark.at < at);
}

/** The time of day in the cluster. @param {number} at */
export function clockOf(at) {
  return new Date(at / 1000).toISOString().slice(11, 19);
}

/** What is new is laid over what is known. @param {{ bars: Array<[number, number]>, marks: Mark[] }} known @param {{ bars: Array<[number, number]>, marks: Mark[] }} fresh */
export function joined(known, fresh) {
  const bars = new Map([...known.bars, ...fresh.bars]);
  const last = known.marks.at(-1)?.revision ?? 0;
  return { bars: [...bars].sort((a, b) => a[0] - b[0]), marks: [...known.marks, ...fresh.marks.filter((mark) => mark.revision > last)] };
}
