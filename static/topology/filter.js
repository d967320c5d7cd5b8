/** Search and filter: whom a line of words means. `errors`, `ns:shop`, `kind:node`, `state:Pending`, `app=web`, or a part of a name. Pure. */

import { gapOf } from "./gaps.js";
import { rowsOf } from "./state.js";
import { figureOf } from "./words.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Row} Row */

const BAD = ["CrashLoopBackOff", "NotReady", "Unknown"];

/** The uids of the pods that are meant; null when nothing is asked for.
 * @param {State} state @param {string} query @returns {Set<string> | null} */
export function filtered(state, query) {
  const asked = query.trim().split(/\s+/).filter(Boolean);
  if (!asked.length) return null;
  const nodes = new Map(rowsOf(state, "Node").map((node) => [node.name, node]));
  const found = new Set();
  for (const pod of rowsOf(state, "Pod")) {
    if (asked.every((term) => means(state, pod, nodes.get(pod.node ?? ""), term))) found.add(pod.id);
  }
  return found;
}

/** @param {State} state @param {Row} pod @param {Row | undefined} node @param {string} term */
function means(state, pod, node, term) {
  const [, key, value] = /^(\w+):(.*)$/.exec(term) ?? [];
  if (/^errors?$/.test(term)) return BAD.includes(figureOf(pod, node)) || Boolean(gapOf(pod, node)) || (!pod.node && Boolean(pod.message));
  if (key === "ns" || key === "namespace") return pod.ns === value;
  if (key === "node") return (pod.node ?? "").includes(value);
  if (key === "kind") return owners(state, pod).some((one) => one.kind.toLowerCase().startsWith(value.toLowerCase()));
  if (key === "state") return `${pod.state} ${figureOf(pod, node)}`.toLowerCase().includes(value.toLowerCase());
  const label = /^([^=!]+)(!?)=(.*)$/.exec(term);
  if (label) return (pod.labels?.[label[1]] === label[3]) !== (label[2] === "!");
  return owners(state, pod).some((one) => one.name.includes(term));
}

/** The pod itself and all above it. @param {State} state @param {Row} pod */
function owners(state, pod) {
  const chain = [pod];
  for (let at = state.rows.get(pod.owner ?? ""); at && chain.length < 5; at = state.rows.get(at.owner ?? "")) chain.push(at);
  return chain;
}

/** Both must mean somebody. @param {Set<string> | null} one @param {Set<string> | null} other @returns {Set<string> | null} */
export function both(one, other) {
  if (!one || !other) return one ?? other;
  return new Set([...one].filter((id) => other.has(id)));
}
