/** The picture's text twin: a tree of nodes and pods for keyboard, screen reader and tests. */

import { speaking, worstOf } from "./conditions.js";
import { nearest } from "./selectors.js";
import { find, ownedBy, podsOn, rowsOf } from "./state.js";
import { held, refused } from "./aloud.js";
import { bounds, pulls } from "./ownershipview.js";
import { listensAt } from "./ports.js";
import { KEEPERS, SYSTEM, TOPS, counted, isDark, progress } from "./words.js";
import { cast, person, sentence } from "./people.js";

/** @typedef {import("./state.js").Row} Row */
/** @typedef {{ id: string, parent: string, row: Row | null, place: number, peers: number, pods: number }} Entry */

/** Up to so many pods all are present; above, only those of the open branch, in a window. */
const ALL = 300;
const WINDOW = 60;
const EVERY = 250;

/** Control plane, nodes, the door, and below each who is there. Pure.
 * @param {import("./state.js").State} state @param {string | null} [open] the one branch whose leaves are wanted; null: all @returns {Entry[]} */
export function outline(state, open = null) {
  const all = rowsOf(state, "Node");
  const nodes = [...all.filter((node) => node.roles?.includes("control-plane")), ...all.filter((node) => !node.roles?.includes("control-plane"))];
  const there = nodes.map((node) => podsOn(state, node.name));
  const known = new Set(nodes.map((node) => node.name));
  const lost = there.reduce((sum, pods) => sum + pods.length, podsOn(state, "").length) < rowsOf(state, "Pod").length;
  const waiting = lost ? rowsOf(state, "Pod").filter((pod) => !pod.node || !known.has(pod.node)) : podsOn(state, "");
  const peers = nodes.length + (waiting.length ? 1 : 0);
  const branches = nodes.flatMap((node, index) => branch(node.id, node, index + 1, peers, there[index], open));
  const door = waiting.length ? branch("door", null, peers, peers, waiting, open) : [];
  return [...branches, ...door, ...owners(state, open)];
}

/** After nodes and pods: what owns and what leads to them, so that a keyboard reaches it too.
 * @param {import("./state.js").State} state @param {string | null} open @returns {Entry[]} */
function owners(state, open) {
  const tops = [...TOPS, ...KEEPERS].flatMap((kind) => rowsOf(state, kind)).filter((row) => !SYSTEM.includes(row.ns ?? ""));
  const services = rowsOf(state, "Service").filter((row) => !SYSTEM.includes(row.ns ?? "") && row.name !== "kubernetes");
  const others = [...["Ingress", "PersistentVolumeClaim", "PersistentVolume"].flatMap((kind) => rowsOf(state, kind)), ...speaking(state, SYSTEM), ...rowsOf(state, "Flow").filter((flow) => flow.tried)];
  const peers = tops.length + services.length + others.length;
  const sets = (/** @type {Row} */ top) => ownedBy(state, top.id).filter((row) => row.kind === "ReplicaSet" && (row.desired || row.readyCount));
  const first = tops.flatMap((top, index) => branch(top.id, top, index + 1, peers, sets(top), open));
  return [...first, ...[...services, ...others].flatMap((row, index) => branch(row.id, row, tops.length + index + 1, peers, [], open))];
}

/** @param {string} id @param {Row | null} row @param {number} place @param {number} peers @param {readonly Row[]} pods @param {string | null} open @returns {Entry[]} */
function branch(id, row, place, peers, pods, open) {
  const leaves = open !== null && open !== id ? [] : pods.map((pod, index) => ({ id: pod.id, parent: id, row: pod, place: index + 1, peers: pods.length, pods: 0 }));
  return [{ id, parent: "", row, place, peers, pods: pods.length }, ...leaves];
}

/** What is read aloud. @param {import("./people.js").Cast} all @param {Entry} entry @param {(row: Row) => import("./closer.js").Closer | null} [closer] */
export function label(all, { row, pods }, closer = () => null) {
  if (!row) return `At the door: ${counted(pods, "pod")} without a node`;
  if (row.kind === "Pod") return [sentence(all, person(all, row), closer(row)), refused(row, closer(row))].filter(Boolean).join(", ");
  if (row.tried) return `Requests to ${row.tried[0][0]} fail, no such name; tried ${row.tried.slice(1).map(([name]) => name).join(", ")}`;
  if (row.kind === "Ingress") return `Ingress ${row.name}, ${row.given?.join(", ") ?? `no address: no controller carries it out${row.type ? ` (class ${row.type})` : ""}`}, ${(row.rules ?? []).map(([host, path, service]) => `${host}${path} to ${service}`).join("; ")}`;
  if (row.kind.startsWith("PersistentVolume")) return [row.kind, row.name, row.state, row.size, row.volume ?? row.claim, patient(all, row), held(row)].filter(Boolean).join(", ");
  if (row.kind === "Service" && row.selector && !row.yes?.length && !row.no?.length) return missed(all, row);
  if (row.kind === "Service") return `Service ${row.name}, ${row.yes?.length ?? 0} of ${(row.yes?.length ?? 0) + (row.no?.length ?? 0)} pods ready${unheard(all, row)}`;
  if (row.conditions) return [row.kind, row.name, worstOf(row).word, worstOf(row).reason, held(row)].filter(Boolean).join(", ");
  if (row.kind !== "Node") return [`${row.kind} ${row.name}`, progress(row), strain(all, row), row.bounds && row.deadline ? bounds(row) : "", row.stuck ? "stuck: no progress in time" : "", held(row)].filter(Boolean).join(", ");
  const words = [row.name, row.state, row.cordoned && "cordoned", row.lit === false && (row.power === "frozen" ? "hangs" : "no power"), row.lit === false && !isDark(row) && "nobody has noticed yet", row.roles?.join(" "), counted(pods, "pod")];
  return words.filter(Boolean).join(", ");
}

/** While its pods are not as many as it wants. @param {import("./people.js").Cast} all @param {Row} row */
function strain(all, row) {
  const pods = all.state.owners.get(row.id).filter((one) => one.kind === "Pod").map((pod) => ({ row: pod }));
  return pulls({ set: row, pods })?.join(", ") ?? "";
}

/** It waits for somebody else, and nothing is wrong. @param {import("./people.js").Cast} all @param {Row} row */
function patient(all, row) {
  const waits = row.kind === "PersistentVolumeClaim" && row.state !== "Bound" && rowsOf(all.state, "StorageClass").some((one) => one.name === row.class && one.waits);
  return waits ? "waits for its first pod" : "";
}

/** A port at which nobody listens. @param {import("./people.js").Cast} all @param {Row} service */
function unheard(all, service) {
  const pods = [...(service.yes ?? []), ...(service.no ?? [])].flatMap((id) => all.state.rows.get(id) ?? []);
  const wrong = (service.sockets ?? []).filter(([, target]) => pods.length && !pods.some((pod) => listensAt(pod, target)));
  return wrong.map(([port, target]) => `, port ${port} leads to ${target} where nobody listens`).join("");
}

/** @param {import("./people.js").Cast} all @param {Row} service */
function missed(all, service) {
  const near = nearest(service, all.pods);
  const label = near?.letters.map((piece) => piece.text).join("");
  return `Service ${service.name}, no endpoints: its selector matches no pod${near ? `, the nearest miss is ${near.pods[0].name} with ${label}` : ""}`;
}

export class Twin {
  #tree;
  #on;
  /** @type {Map<string, HTMLElement>} */ #items = new Map();
  /** @type {Entry[]} */ #entries = [];
  #current = "";
  /** Are there more than can all be present? */ #crowd = false;
  /** @type {Set<string>} */ #closed = new Set();
  #typed = "";
  #typedAt = 0;
  #last = 0;
  #timer = 0;
  /** @type {import("./state.js").State | null} */ #next = null;

  /** @param {HTMLElement} tree @param {{ focus: (id: string) => void, open: (row: Row) => void, closer?: (row: Row) => import("./closer.js").Closer | null }} on */
  constructor(tree, on) {
    this.#tree = tree;
    this.#on = on;
    tree.addEventListener("keydown", (event) => this.#key(event));
    tree.addEventListener("focusin", (event) => this.#focused(event));
    tree.addEventListener("focusout", () => this.#on.focus(""));
  }

  /** At most four times a second. @param {import("./state.js").State} state */
  show(state) {
    this.#next = state;
    if (this.#timer) return;
    const wait = Math.max(0, EVERY - (performance.now() - this.#last));
    this.#timer = window.setTimeout(() => this.#write(), wait);
  }

  #write() {
    this.#timer = 0;
    this.#last = performance.now();
    this.#list();
    this.#render();
  }

  /** Everything; or, in a crowd, the branches and the leaves of the one that we are in. */
  #list() {
    const state = this.#next;
    if (!state) return;
    this.#crowd = rowsOf(state, "Pod").length > ALL;
    if (this.#crowd) this.#entries = outline(state, this.#branchOf(state, this.#current));
    else this.#entries = outline(state);
  }

  /** @param {import("./state.js").State} state @param {string} id */
  #branchOf(state, id) {
    const row = state.rows.get(id);
    if (row?.kind === "Pod") return find(state, "Node", "", row.node ?? "")?.id ?? "door";
    return row?.kind === "ReplicaSet" ? (row.owner ?? id) : id;
  }

  /** @param {import("./state.js").State | null} state */
  #render(state = this.#next) {
    const all = state && cast(state, null);
    const shown = this.#window();
    const wanted = new Set(shown.map((entry) => entry.id));
    const had = this.#tree.contains(document.activeElement);
    for (const [id, item] of this.#items) {
      if (wanted.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    let before = /** @type {Element | null} */ (null);
    for (const entry of shown) {
      const item = this.#items.get(entry.id) ?? this.#make(entry.id);
      this.#fill(item, entry, all ? label(all, entry, this.#on.closer) : "");
      const place = before ? before.nextElementSibling : this.#tree.firstElementChild;
      if (place !== item) this.#tree.insertBefore(item, place);
      before = item;
    }
    if (!this.#items.has(this.#current)) this.#current = shown[0]?.id ?? "";
    for (const [id, item] of this.#items) item.tabIndex = id === this.#current ? 0 : -1;
    if (had && !this.#tree.contains(document.activeElement)) this.#items.get(this.#current)?.focus({ preventScroll: true });
  }

  /** Everything; or, in a crowd, a window of the branches and one of the leaves in the open branch. */
  #window() {
    if (!this.#crowd) return this.#entries;
    const at = this.#entries.find((entry) => entry.id === this.#current);
    const tops = around(this.#entries.filter((entry) => !entry.parent), at?.parent || this.#current);
    const leaves = around(this.#entries.filter((entry) => entry.parent), this.#current);
    return this.#entries.filter((entry) => tops.has(entry) || leaves.has(entry));
  }

  /** @param {string} id */
  #make(id) {
    const item = document.createElement("div");
    item.setAttribute("role", "treeitem");
    item.dataset.id = id;
    item.addEventListener("click", () => this.#open(id));
    this.#items.set(id, item);
    return item;
  }

  /** @param {HTMLElement} item @param {Entry} entry @param {string} words */
  #fill(item, entry, words) {
    set(item, "aria-level", entry.parent ? "2" : "1");
    set(item, "aria-setsize", String(entry.peers));
    set(item, "aria-posinset", String(entry.place));
    if (entry.pods) set(item, "aria-expanded", String(!this.#closed.has(entry.id)));
    if (item.textContent !== words) item.textContent = words;
    if (entry.row?.kind !== "Node" && entry.row?.kind !== "Pod") return;
    set(item, "data-kind", entry.row.kind);
    set(item, "data-namespace", entry.row.ns ?? "");
    set(item, "data-name", entry.row.name);
    set(item, "data-state", entry.row.state ?? "");
    if (entry.row.kind === "Node") set(item, "data-cordoned", String(Boolean(entry.row.cordoned)));
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const item = event.target instanceof HTMLElement ? event.target.closest("[role=treeitem]") : null;
    if (!(item instanceof HTMLElement)) return;
    this.#current = item.dataset.id ?? "";
    for (const [id, one] of this.#items) one.tabIndex = id === this.#current ? 0 : -1;
    this.#on.focus(this.#current);
  }

  /** @param {string} id */
  #open(id) {
    const entry = this.#entries.find((one) => one.id === id);
    if (entry?.row) this.#on.open(entry.row);
  }

  /** Entries that the arrows reach. */
  #reachable() {
    const all = this.#crowd && this.#next ? outline(this.#next) : this.#entries;
    return all.filter((entry) => !entry.parent || !this.#closed.has(entry.parent));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const list = this.#reachable();
    const at = list.findIndex((entry) => entry.id === this.#current);
    const go = this.#target(event.key, list, at);
    if (event.key === "Enter" || event.key === " ") this.#open(this.#current);
    else if (go === undefined && !(event.key.length === 1 && this.#type(event.key, list, at))) return;
    event.preventDefault();
    if (go) this.#goTo(go.id);
  }

  /** @param {string} key @param {Entry[]} list @param {number} at @returns {Entry | null | undefined} undefined: not a key of ours */
  #target(key, list, at) {
    const entry = list[at];
    if (key === "ArrowDown") return list[at + 1] ?? null;
    if (key === "ArrowUp") return list[at - 1] ?? null;
    if (key === "Home") return list[0] ?? null;
    if (key === "End") return list[list.length - 1] ?? null;
    if (key === "ArrowLeft" && entry) return entry.parent ? (list.find((one) => one.id === entry.parent) ?? null) : this.#fold(entry, true);
    if (key === "ArrowRight" && entry && !entry.parent) return this.#closed.has(entry.id) ? this.#fold(entry, false) : (list.find((one) => one.parent === entry.id) ?? null);
    return key === "ArrowRight" ? null : undefined;
  }

  /** @param {Entry} entry @param {boolean} shut */
  #fold(entry, shut) {
    if (shut) this.#closed.add(entry.id);
    else this.#closed.delete(entry.id);
    this.#render();
    return null;
  }

  /** @param {string} letter @param {Entry[]} list @param {number} at */
  #type(letter, list, at) {
    this.#typed = performance.now() - this.#typedAt > 900 ? letter : this.#typed + letter;
    this.#typedAt = performance.now();
    const from = this.#typed.length > 1 ? at : at + 1;
    const found = [...list.slice(from), ...list.slice(0, from)].find((entry) => (entry.row?.name ?? "at the door").toLowerCase().startsWith(this.#typed.toLowerCase()));
    if (found) this.#goTo(found.id);
    return Boolean(found);
  }

  /** @param {string} id */
  #goTo(id) {
    this.#current = id;
    if (this.#crowd) this.#list();
    this.#render();
    this.#items.get(id)?.focus({ preventScroll: true });
  }
}

/** @param {Entry[]} entries @param {string} id */
function around(entries, id) {
  const index = Math.max(0, entries.findIndex((entry) => entry.id === id));
  const from = Math.max(0, Math.min(index - WINDOW / 2, entries.length - WINDOW));
  return new Set(entries.slice(from, from + WINDOW));
}

/** @param {HTMLElement} item @param {string} name @param {string} value */
function set(item, name, value) {
  if (item.getAttribute(name) !== value) item.setAttribute(name, value);
}
