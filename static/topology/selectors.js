/** A selector and whom it finds; where it finds nobody, who comes nearest, letter by letter. Pure. */

/** @typedef {import("./state.js").Row} Row */
/** @typedef {{ text: string, off: boolean }} Letters */

/** @param {Record<string, string>} selector @param {Row} pod */
export function matches(selector, pod) {
  return Object.entries(selector).every(([key, value]) => pod.labels?.[key] === value);
}

/** The pods of its namespace that a Service wants. @param {Row} service @param {readonly Row[]} pods @returns {Row[]} */
export function wanted(service, pods) {
  const { selector } = service;
  if (!selector || !Object.keys(selector).length) return [];
  return pods.filter((pod) => pod.ns === service.ns && matches(selector, pod));
}

/** Who would be found but for a few letters: the nearest miss, and its label with the letters that differ.
 * @param {Row} service @param {readonly Row[]} pods @returns {{ pods: Row[], letters: Letters[] } | null} */
export function nearest(service, pods) {
  const pairs = Object.entries(service.selector ?? {});
  let best = null;
  for (const pod of pods) {
    if (pod.ns !== service.ns || !pod.labels) continue;
    const miss = missed(pairs, pod.labels);
    if (miss && (!best || miss.far < best.far)) best = { ...miss, pods: [pod] };
    else if (best && miss && miss.far === best.far && miss.label === best.label) best.pods.push(pod);
  }
  return best && { pods: best.pods, letters: differing(best.wanted, best.label) };
}

/** @param {[string, string][]} pairs @param {Record<string, string>} labels */
function missed(pairs, labels) {
  let far = 0;
  let worst = { wanted: "", label: "", far: 0 };
  for (const [key, value] of pairs) {
    if (labels[key] === value) continue;
    const asked = `${key}=${value}`;
    const near = Object.entries(labels).map(([name, text]) => `${name}=${text}`).map((label) => ({ wanted: asked, label, far: distance(asked, label) })).sort((a, b) => a.far - b.far)[0];
    if (!near) return null;
    far += near.far;
    if (near.far > worst.far) worst = near;
  }
  return far && far <= Math.max(3, worst.wanted.length * 0.6) ? { ...worst, far } : null;
}

/** Thousands of pods share few labels. @type {Map<string, number>} */
const distances = new Map();

/** How many letters have to change (Levenshtein). @param {string} a @param {string} b */
export function distance(a, b) {
  const key = `${a}\n${b}`;
  const known = distances.get(key);
  if (known !== undefined) return known;
  if (distances.size > 20_000) distances.clear();
  const found = table(a, b)[a.length][b.length];
  distances.set(key, found);
  return found;
}

/** @param {string} a @param {string} b */
function table(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j += 1) rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + Number(a[i - 1] !== b[j - 1]));
  }
  return rows;
}

/** The second word in pieces; `off` are those that the first does not have there. A letter that is missing is a gap.
 * @param {string} asked @param {string} found @returns {Letters[]} */
export function differing(asked, found) {
  const rows = table(asked, found);
  /** @type {Letters[]} */
  const pieces = [];
  let [i, j] = [asked.length, found.length];
  const put = (/** @type {string} */ text, /** @type {boolean} */ off) => {
    if (pieces[0]?.off === off) pieces[0].text = text + pieces[0].text;
    else pieces.unshift({ text, off });
  };
  while (i || j) {
    if (i && j && rows[i][j] === rows[i - 1][j - 1] + Number(asked[i - 1] !== found[j - 1])) {
      put(found[j - 1], asked[i - 1] !== found[j - 1]);
      [i, j] = [i - 1, j - 1];
    } else if (j && rows[i][j] === rows[i][j - 1] + 1) {
      put(found[j - 1], true);
      j -= 1;
    } else {
      put("·", true);
      i -= 1;
    }
  }
  return pieces;
}
