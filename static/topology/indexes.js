/** Rows by id, and in sorted groups, carried from state to state: what a frame does not touch is not looked at. Pure. */

/** @typedef {import("./state.js").Row} Row */
/** @typedef {{ old?: Row, row?: Row }} Change came, went, or is another object now */

/** @type {readonly Row[]} */
const NONE = Object.freeze([]);
const FEW = 100; // changes of a list that are made one by one

/** All rows: in a list by the number that the wire gives them. */
export class Rows {
  /** Grows with the states, which share it: whether a row is still there, the list says. @type {Map<string, number>} */ #numbers;
  /** @type {Row[] | null} */ #all = null;

  /** @param {(Row | undefined)[]} list @param {Map<string, number>} [numbers] */
  constructor(list, numbers) {
    this.list = list;
    this.#numbers = numbers ?? new Map(list.flatMap((row, n) => (row ? [[row.id, n]] : [])));
  }

  /** @param {string} id */
  get(id) {
    const row = this.list[this.#numbers.get(id) ?? -1];
    return row?.id === id ? row : undefined;
  }

  /** @param {string} id */
  has(id) {
    return this.get(id) !== undefined;
  }

  /** In no order that means anything. @returns {readonly Row[]} */
  values() {
    this.#all ??= /** @type {Row[]} */ (this.list.filter(Boolean));
    return this.#all;
  }

  keys() {
    return this.values().map((row) => row.id);
  }

  get size() {
    return this.values().length;
  }

  /** The rows after these. @param {(Row | undefined)[]} list @param {Iterable<number>} touched */
  next(list, touched) {
    if (this.#numbers.size > 2 * list.length + FEW) return new Rows(list);
    for (const n of touched) {
      const row = list[n];
      if (row) this.#numbers.set(row.id, n);
    }
    return new Rows(list, this.#numbers);
  }
}

/** Sorted lists by a key, each the same object as long as its rows are the same. */
export class Groups {
  /** Grows with the states, which share it. @type {Map<string, number>} */ #places;
  /** @type {(readonly Row[])[]} */ #lists;

  /** @type {number} */ #most;

  /** @param {Map<string, number>} [places] @param {(readonly Row[])[]} [lists] @param {number} [most] keys, before the empty ones are forgotten */
  constructor(places = new Map(), lists = [], most = 2 * places.size + 1000) {
    this.#places = places;
    this.#lists = lists;
    this.#most = most;
  }

  /** @param {string} key @returns {readonly Row[]} */
  get(key) {
    return this.#lists[this.#places.get(key) ?? -1] ?? NONE;
  }

  /** @param {readonly Change[]} changes @param {(row: Row) => string | undefined} keyOf which group a row is in */
  next(changes, keyOf) {
    const byKey = sorted(changes, keyOf);
    if (!byKey.size) return this;
    const lists = this.#lists.slice();
    for (const [key, its] of byKey) {
      const place = this.#places.get(key) ?? this.#places.size;
      this.#places.set(key, place);
      lists[place] = after(lists[place] ?? NONE, its);
    }
    return this.#places.size > this.#most ? this.#pruned(lists) : new Groups(this.#places, lists, this.#most);
  }

  /** @param {(readonly Row[])[]} lists */
  #pruned(lists) {
    const left = [...this.#places].filter(([, place]) => lists[place]?.length);
    return new Groups(new Map(left.map(([key], place) => [key, place])), left.map(([, place]) => lists[place]));
  }
}

/** The changes of each group; who goes from one to another leaves the one and enters the other.
 * @param {readonly Change[]} changes @param {(row: Row) => string | undefined} keyOf */
function sorted(changes, keyOf) {
  /** @type {Map<string, Change[]>} */
  const found = new Map();
  const add = (/** @type {string | undefined} */ key, /** @type {Change} */ change) => {
    if (key === undefined) return;
    const its = found.get(key);
    if (its) its.push(change);
    else found.set(key, [change]);
  };
  for (const { old, row } of changes) {
    const was = old && keyOf(old);
    const is = row && keyOf(row);
    if (old && row && was === is && order(old, row) === 0) add(is, { old, row });
    else {
      if (old) add(was, { old });
      if (row) add(is, { row });
    }
  }
  return found;
}

/** @param {readonly Row[]} list @param {Change[]} changes @returns {readonly Row[]} */
function after(list, changes) {
  if (!list.length) return changes.flatMap(({ row }) => row ?? []).sort(order);
  if (changes.length > FEW) return afterMany(list, changes);
  const next = list.slice();
  for (const { old, row } of changes) if (old) old && row ? (next[position(next, old)] = row) : next.splice(position(next, old), 1);
  for (const { old, row } of changes) if (row && !old) next.splice(position(next, row), 0, row);
  return next;
}

/** @param {readonly Row[]} list @param {Change[]} changes */
function afterMany(list, changes) {
  /** @type {Map<Row, Row | undefined>} */
  const gone = new Map();
  for (const { old, row } of changes) if (old) gone.set(old, row);
  const next = /** @type {Row[]} */ (gone.size ? list.map((row) => (gone.has(row) ? gone.get(row) : row)).filter(Boolean) : list.slice());
  const came = changes.flatMap(({ old, row }) => (row && !old ? [row] : []));
  return came.length ? merged(next, came.sort(order)) : next;
}

/** Two sorted lists as one. @param {readonly Row[]} a @param {readonly Row[]} b */
function merged(a, b) {
  const found = [];
  let at = 0;
  for (const row of b) {
    while (at < a.length && order(a[at], row) < 0) found.push(a[at++]);
    found.push(row);
  }
  while (at < a.length) found.push(a[at++]);
  return found;
}

/** Where a row is, or would be. @param {readonly Row[]} list @param {Row} row */
function position(list, row) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(list[middle], row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By kind, namespace and name; 0 only for the same id. @param {Row} a @param {Row} b */
function order(a, b) {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return (a.kind === "Pod" ? byText : byName)(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** There may be thousands of pods: plain order is forty times as fast. @param {Row} a @param {Row} b */
function byText(a, b) {
  if (a.ns !== b.ns) return (a.ns ?? "") < (b.ns ?? "") ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** node-2 stands before node-10. @param {Row} a @param {Row} b */
export function byName(a, b) {
  return compareNames(a.ns ?? "", b.ns ?? "") || compareNames(a.name, b.name);
}

const ORDER = new Intl.Collator("en", { numeric: true });

/** @param {string} a @param {string} b */
export function compareNames(a, b) {
  return ORDER.compare(a, b);
}
