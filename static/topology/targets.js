/** Who is pointed at, where they stand; or, where they are not drawn one by one, in what stands for them, and how many are in it. Pure. */

import { rowsOf } from "./state.js";

/** @typedef {import("./rooms.js").Box} Box */
/** @typedef {{ id: string, box: Box, count: number }} Target count: 0 where it is that object itself */

/** What may stand for each of them: the machine, those who own it, the Services that lead to it.
 * @param {import("./state.js").State} state @param {readonly string[]} ids @returns {Map<string, string[]>} */
export function standIns(state, ids) {
  const machines = new Map(rowsOf(state, "Node").map((node) => [node.name, node.id]));
  const found = new Map(ids.map((id) => [id, /** @type {string[]} */ ([])]));
  for (const [id, list] of found) {
    const row = state.rows.get(id);
    if (row?.node) list.push(machines.get(row.node) ?? "");
    for (let up = row?.owner; up && list.length < 5; up = state.rows.get(up)?.owner) list.push(up);
  }
  for (const service of rowsOf(state, "Service")) for (const id of [...(service.yes ?? []), ...(service.no ?? [])]) found.get(id)?.push(service.id);
  return found;
}

/** @param {readonly string[]} ids @param {ReadonlyMap<string, string[]>} instead @param {(id: string) => Box | null} boxOf @returns {Target[]} */
export function targetsOf(ids, instead, boxOf) {
  /** @type {Map<string, Target>} */
  const targets = new Map();
  for (const id of ids) {
    const own = boxOf(id);
    const home = own ? id : (instead.get(id)?.find((one) => boxOf(one)) ?? "");
    const box = own ?? (home && boxOf(home));
    if (!box) continue;
    const known = targets.get(home) ?? { id: home, box, count: 0 };
    targets.set(home, { ...known, count: known.count + (own ? 0 : 1) });
  }
  return [...targets.values()];
}
