/** What the page knows of its cluster: a snapshot, and the deltas applied to it. The one module that holds state. Pure. */

import { Groups, Rows } from "./indexes.js";

export { byName, compareNames } from "./indexes.js";

/**
 * @typedef {{
 *   id: string, kind: string, ns?: string, name: string, state?: string, owner?: string,
 *   node?: string, ready?: string, ok?: boolean, lost?: boolean, restarts?: number, reason?: string, message?: string,
 *   deleting?: boolean, retryAt?: number, since?: number, cpu?: number, exit?: number, tol?: number | null, system?: boolean, labels?: Record<string, string>,
 *   cordoned?: boolean, roles?: string[], zone?: string, lit?: boolean, beat?: number, taints?: string[], noExecute?: number,
 *   desired?: number, readyCount?: number, schedule?: string, updated?: number, rev?: number, paused?: boolean, stuck?: boolean,
 *   type?: string, ip?: string, ports?: any[], selector?: Record<string, string>, yes?: string[], no?: string[],
 *   target?: string, phase?: string,
 *   up?: number, listens?: number[], probe?: [string, number, number, number, number, number], use?: number[], mem?: number, lid?: (number | null)[],
 *   claims?: string[], grace?: number[], patience?: number, oom?: boolean, silent?: boolean, have?: number, bounds?: (string | number)[], deadline?: number[],
 *   sockets?: [number, number | string, number, string, string][], rules?: [string, string, string, number | string][], given?: string[],
 *   volume?: string, claim?: string, class?: string, size?: string, modes?: string, reclaim?: string, files?: number, waits?: boolean, standard?: boolean,
 *   provisioner?: string, pull?: string[], held?: string[], orphan?: boolean, power?: string, cut?: boolean, conditions?: [string, string, string][], group?: string, tried?: string[][], from?: string, to?: string, via?: string, rate?: number, failing?: number | boolean
 * }} Row ports of a Pod: [number, name] each, as declared; of a Service: words
 * @typedef {{ anchorWall: number, anchorCluster: number, speed: number, paused: boolean, wall?: number }} Clock
 * @typedef {{ board: string, frame: number, revision: number, clock: Clock, rows: Rows, kinds: Groups, nodes: Groups, owners: Groups, spoken: Groups }} State spoken: those with conditions, all in one group
 * @typedef {Record<string, any>} Columns null: it has no such column any more; of `yes` and `no` only who `came` and who `went`
 * @typedef {[number | number[], Columns] | [number, Columns, number | null]} Entry rows that change; or a new one, like that number's or like none
 * @typedef {{ type: "snapshot", revision: number, clock: Clock, rows: Row[], numbers?: number[], board?: string, frame?: number }} Snapshot
 * @typedef {{ type?: undefined, frame: number, revision: number, clock?: Clock, rows?: Entry[], gone?: number[] }} Delta
 */

/** @type {State} */
export const NOTHING = {
  board: "",
  frame: 0,
  revision: 0,
  clock: { anchorWall: 0, anchorCluster: 0, speed: 1, paused: true },
  rows: new Rows([]),
  kinds: new Groups(),
  nodes: new Groups(),
  owners: new Groups(),
  spoken: new Groups(),
};

/** The next state; the one before it is done with. A row that is the same stays the same object, and so does a list of such.
 * @param {State} state @param {Snapshot | Delta} frame @returns {State} */
export function apply(state, frame) {
  if (frame.type === "snapshot") return begun(state, frame);
  if (frame.frame < state.frame) return state;
  const clock = frame.clock ?? state.clock;
  if (frame.frame === state.frame) return { ...state, clock };
  const list = state.rows.list.slice();
  const touched = frame.gone?.slice() ?? [];
  for (const [which, columns, like] of frame.rows ?? []) {
    for (const n of typeof which === "number" ? [which] : which) {
      list[n] = changed(like === undefined ? list[n] : list[like ?? -1], columns, list);
      touched.push(n);
    }
  }
  for (const n of frame.gone ?? []) list[n] = undefined;
  while (list.length && !list.at(-1)) list.pop();
  const changes = touched.map((n) => ({ old: state.rows.list[n], row: list[n] }));
  return { board: state.board, frame: frame.frame, revision: frame.revision, clock, ...indexed(state, state.rows.next(list, touched), changes) };
}

/** What the page asks for when it comes back: what came after the last frame that it has. @param {State} state */
export function place(state) {
  return state.board ? [state.board, state.frame] : null;
}

/** @param {State} state what the page had before: what is still the same is kept @param {Snapshot} frame @returns {State} */
function begun(state, { board = "", frame = 0, revision, clock, rows, numbers }) {
  /** @type {(Row | undefined)[]} */
  const list = [];
  const changes = [];
  rows.forEach((row, at) => {
    const old = state.rows.get(row.id);
    const kept = old && same(old, row);
    list[numbers ? numbers[at] : at] = kept ? old : row;
    if (!kept) changes.push({ old, row });
  });
  const next = new Rows(list);
  for (const old of state.rows.values()) if (!next.has(old.id)) changes.push({ old });
  return { board, frame, revision, clock, ...indexed(state, next, changes) };
}

/** @param {State} state @param {Rows} rows @param {import("./indexes.js").Change[]} changes */
function indexed({ kinds, nodes, owners, spoken }, rows, changes) {
  return {
    rows, kinds: kinds.next(changes, (row) => row.kind), nodes: nodes.next(changes, stage), owners: owners.next(changes, (row) => row.owner),
    spoken: spoken.next(changes, (row) => (row.conditions?.length ? "" : undefined)),
  };
}

/** A pod without a node has one of no name. @param {Row} row */
function stage(row) {
  return row.kind === "Pod" ? row.node ?? "" : undefined;
}

/** @param {Row | undefined} old @param {Columns} columns @param {(Row | undefined)[]} list @returns {Row} */
function changed(old, columns, list) {
  /** @type {any} */
  const row = {};
  for (const name in old) if (columns[name] !== null) row[name] = /** @type {any} */ (old)[name];
  for (const name in columns) {
    const value = columns[name];
    if (value === null) continue;
    row[name] = (name === "yes" || name === "no") && !Array.isArray(value) ? members(row[name] ?? [], value, list) : value;
  }
  return row;
}

/** @param {string[]} uids @param {{ came?: (number | string)[], went?: (number | string)[] }} change @param {(Row | undefined)[]} list */
function members(uids, { came = [], went = [] }, list) {
  const uid = (/** @type {number | string} */ who) => (typeof who === "number" ? list[who]?.id ?? "" : who);
  const left = new Set(went.map(uid));
  return [...uids.filter((one) => !left.has(one)), ...came.map(uid)];
}

/** @param {Row} old @param {Row} row */
function same(old, row) {
  const [was, is] = [/** @type {any} */ (old), /** @type {any} */ (row)];
  const names = Object.keys(is);
  const alike = (/** @type {string} */ name) => was[name] === is[name] || (typeof is[name] === "object" && JSON.stringify(was[name]) === JSON.stringify(is[name]));
  return names.length === Object.keys(was).length && names.every(alike);
}

/** The rows of one kind, by namespace and name. @param {State} state @param {string} kind @returns {readonly Row[]} */
export function rowsOf(state, kind) {
  return state.kinds.get(kind);
}

/** The pods on a node, or with "" those that have none. @param {State} state @param {string} node @returns {readonly Row[]} */
export function podsOn(state, node) {
  return state.nodes.get(node);
}

/** Whom an object owns. @param {State} state @param {string} id @returns {readonly Row[]} */
export function ownedBy(state, id) {
  return state.owners.get(id);
}

/** @param {State} state @param {string} kind @param {string} ns @param {string} name @returns {Row | undefined} */
export function find(state, kind, ns, name) {
  return rowsOf(state, kind).find((row) => row.name === name && (row.ns ?? "") === ns);
}

/** Cluster time in milliseconds. @param {Clock} clock @param {number} wall the server's wall clock, in milliseconds */
export function clusterTime(clock, wall) {
  return clock.paused ? clock.anchorCluster : clock.anchorCluster + Math.max(0, wall - clock.anchorWall) * clock.speed;
}
