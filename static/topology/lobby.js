/** Those without a node wait at the door, with the scheduler's reason in their hands. Pure. */

import { cores } from "./words.js";
import { rowHeight } from "./seats.js";

/** @typedef {import("./people.js").Person} Person */
/** @typedef {import("./state.js").Row} Row */

/** The lobby's name among the rooms: no node can be called so. */
export const DOOR = "(door)";

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
export function shorten(reason) {
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

/** Seats them in rows from the floor up; a crowd stands closer, without names.
 * @param {Person[]} waiting @param {import("./rooms.js").Box} box @param {{ floor: number, head: number, most: number, left: number }} how @returns {Person[]} */
export function seatLobby(waiting, box, { floor, head, most, left }) {
  const wide = box.width - left - 10;
  const places = waiting.reduce((most, who) => Math.max(most, who.slot + 1), 0);
  if (left <= 20 && places <= Math.floor((floor - box.y - head + 66) / QUEUE)) return queue(waiting, box, floor);
  const columnsAt = (/** @type {number} */ pitch) => Math.max(1, Math.floor(wide / pitch));
  const rowsAt = (/** @type {number} */ pitch) => Math.max(1, Math.floor((floor - box.y - head) / highAt(pitch, most)));
  const sizes = [most, 62, 43, 34, 25, 18, 12].filter((size) => size <= most);
  const need = waiting.reduce((most, who) => Math.max(most, who.slot + 1), 0);
  const pitch = sizes.find((size) => columnsAt(size) * rowsAt(size) >= need) ?? 12;
  const columns = columnsAt(pitch);
  // a few beside the words have room for their names
  const step = left > 20 && need <= columns ? Math.min(76, wide / need) : pitch;
  const used = Math.min(columns, Math.max(left > 20 ? 1 : 2, need)) * step;
  const start = box.x + left + (left > 20 ? wide - used : (wide - used) / 2);
  return waiting.map((who) => ({
    ...who, pitch, wide: step,
    x: start + (who.slot % columns) * step + step / 2,
    y: floor - Math.floor(who.slot / columns) * highAt(pitch, most),
    label: pitch >= Math.min(NAMED, most) ? "below" : "none",
  }));
}

/** A few stand in a queue, each with name and reason beside. */
const QUEUE = 64;

/** @param {Person[]} waiting @param {import("./rooms.js").Box} box @param {number} floor @returns {Person[]} */
function queue(waiting, box, floor) {
  return waiting.map((who) => ({ ...who, pitch: 54, wide: box.width - 26, x: box.x + 36, y: floor - who.slot * QUEUE, label: /** @type {const} */ ("side") }));
}

const NAMED = 62;

/** @param {number} pitch @param {number} most */
function highAt(pitch, most) {
  return pitch >= Math.min(NAMED, most) ? rowHeight(pitch) : pitch * 1.02;
}
