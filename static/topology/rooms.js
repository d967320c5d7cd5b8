/** Where the rooms stand. Slots are given once, so adding a room moves no other until the grid is full. Pure. */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/** @param {Box} area @param {number} count @param {{ columns: number, gap?: number }} grid @returns {Box[]} */
export function placeRooms(area, count, { columns, gap = 14 }) {
  const rows = Math.max(1, Math.ceil(count / columns));
  const width = (area.width - gap * (columns - 1)) / columns;
  const height = (area.height - gap * (rows - 1)) / rows;
  return Array.from({ length: count }, (_, slot) => ({
    x: area.x + (slot % columns) * (width + gap),
    y: area.y + Math.floor(slot / columns) * (height + gap),
    width,
    height,
  }));
}

/** How many columns: the shape that comes nearest to a stage, a bit higher than wide. Grows when full, shrinks under half.
 * @param {Box} area @param {number} count @param {{ before?: number, gap?: number, ideal?: number, least?: number }} [how] */
export function columnsFor(area, count, { before = 0, gap = 14, ideal = 0.8, least: narrow = 200 } = {}) {
  let best = 1;
  let least = Infinity;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const width = (area.width - gap * (columns - 1)) / columns;
    const height = (area.height - gap * (rows - 1)) / rows;
    const waste = (columns * rows - count) / count;
    const score = Math.abs(Math.log(width / Math.max(1, height) / ideal)) + waste * 1.2 + (width < narrow ? 1 : 0);
    if (score < least) [best, least] = [columns, score];
  }
  const rowsBefore = before ? Math.ceil(count / before) : 0;
  return before && before <= count && Math.abs(rowsBefore - Math.ceil(count / best)) < 1 ? before : best;
}

/** How much is drawn in a room of this width. @param {number} width @returns {"drawing" | "map" | "tiles"} */
export function levelOf(width) {
  if (width >= 200) return "drawing";
  return width >= 30 ? "map" : "tiles";
}

/** @param {Box} box @param {number} x @param {number} y */
export function inside(box, x, y) {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

/** @param {Box} a @param {Box} b */
export function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
