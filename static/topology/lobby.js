/** Those without a node wait at the door, with the scheduler's reason in their hands. Pure. */

import { cores } from "./words.js";
import { rowHeight } from "./seats.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./state.js").Row} Row */

const SHORT = [
  [/node\(s\) had untolerated taint(?:\(s\)|\s*\{(?:[^}/:]*\/)?([^}:]+)[^}]*\})?/, "taint $1"],
  [/node\(s\) were unschedulable/, "cordoned"],
  [/node\(s\) didn't match Pod's node affinity\/selector/, "wrong labels"],
  [/node\(s\) didn't match pod (anti-)?affinity rules/, "$1affinity"],
  [/node\(s\) didn't have free ports.*/, "port taken"],
  [/node\(s\) didn't match pod topology spread constraints.*/, "uneven spread"],
];

/** "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. ..." -> [[1, "Insufficient cpu"], ...]
 * @param {string} message @returns {[number, string][]} */
export function refusals(message) {
  const list = /nodes are available: (.*?)(?:\. (?:preemption|no new claims)|\.?$)/s.exec(message)?.[1] ?? "";
  return list.split(/, (?=\d+ )/).flatMap((part) => {
    const [, count, reason] = /^(\d+) (.*?)\.?$/s.exec(part.trim()) ?? [];
    return count ? [/** @type {[number, string]} */ ([Number(count), shorten(reason)])] : [];
  });
}

/** @param {string} reason */
function shorten(reason) {
  for (const [pattern, words] of SHORT) {
    if (/** @type {RegExp} */ (pattern).test(reason)) return reason.replace(/** @type {RegExp} */ (pattern), /** @type {string} */ (words)).trim();
  }
  return reason;
}

/** What the pod says while it waits. @param {Row} pod @param {number} mostFree millicores @returns {string[]} */
export function plea(pod, mostFree) {
  const said = refusals(pod.message ?? "");
  if (!said.length) return pod.message ? ["No node yet."] : [];
  const lines = said.slice(0, 3).map(([count, reason]) => `${count} × ${reason}`);
  const cpu = said.find(([, reason]) => reason === "Insufficient cpu");
  if (cpu && pod.cpu) return [`I need ${cores(pod.cpu)} CPU.`, `Most free: ${cores(mostFree)}`];
  return ["No node fits me:", ...lines];
}

/** Seats them in rows from the floor up. @param {Person[]} waiting @param {import("./rooms.js").Box} box @param {{ foot: number, head: number, most: number }} how @returns {Person[]} */
export function seatLobby(waiting, box, { foot, head, most }) {
  const sizes = [most, 62, 46, 34, 25, 18, 12];
  const inner = box.width - 20;
  const fits = (/** @type {number} */ pitch) => Math.floor(inner / pitch) * Math.max(1, Math.floor((box.height - head - foot) / rowHeight(pitch)));
  const pitch = sizes.find((size) => size <= most && fits(size) >= waiting.length) ?? 12;
  const columns = Math.max(1, Math.floor(inner / pitch));
  const left = box.x + (box.width - Math.min(columns, Math.max(2, waiting.length)) * pitch) / 2;
  const text = rowHeight(pitch) - pitch * 0.895;
  return waiting.map((who, index) => ({
    ...who, slot: index, pitch, wide: pitch,
    x: left + (index % columns) * pitch + pitch / 2,
    y: box.y + box.height - foot - text - Math.floor(index / columns) * rowHeight(pitch),
    label: pitch >= 34 ? "below" : "none",
  }));
}
