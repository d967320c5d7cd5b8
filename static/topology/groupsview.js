/** Too many to be drawn one by one: named groups by owner or Service, with how many are fine, bad and changing. Pure. */

import { cast, person } from "./people.js";
import { byName, rowsOf } from "./state.js";
import { KEEPERS, TOPS } from "./words.js";

/** @typedef {import("./state.js").Row} Row */

/** Above so many pods the views of owners and of traffic show groups. */
export const GROUPED = 600;
const BAD = ["CrashLoopBackOff", "NotReady", "Unknown"];
const CALM = ["Ready", "Completed"];

/** @param {import("./state.js").State} state @param {import("./nodesview.js").Stage} stage @param {"ownership" | "traffic"} view @returns {import("./nodesview.js").Scene} */
export function groupsScene(state, stage, view) {
  const all = cast(state, stage.following);
  const everybody = all.pods.filter((pod) => !pod.system).map((pod) => person(all, pod));
  const counted = view === "traffic" ? byService(state, everybody) : byOwner(state, everybody);
  const columns = stage.phone ? 1 : Math.max(2, Math.floor((stage.width - 24) / 250));
  const wide = (stage.width - 24 - (columns - 1) * 12) / columns;
  // trouble first: it must be seen without scrolling
  const groups = [...counted].sort(([a, one], [b, other]) => other.bad - one.bad || byName(a, b));
  const boxes = groups.map(([row, { fine, bad, changing, bright }], index) => ({
    id: row.id, kind: row.kind, ns: row.ns ?? "", name: row.name, title: row.name, sub: [`${fine} fine`, bad && `${bad} bad`, changing && `${changing} changing`].filter(Boolean).join(" · "), short: "",
    loose: false, dim: stage.following !== null && !bright, counts: [fine, bad, changing],
    box: { x: 12 + (index % columns) * (wide + 12), y: 14 + Math.floor(index / columns) * 78, width: wide, height: 66 },
  }));
  return {
    view, level: "map", width: stage.width, height: Math.max(stage.height, 28 + Math.ceil(groups.length / columns) * 78), rooms: [], people: [], everybody, bubbles: [], zones: [], boxes, wires: [],
  };
}

/** @typedef {{ fine: number, bad: number, changing: number, bright: boolean }} Count */

/** @param {Map<Row, Count>} groups @param {Row} row @param {import("./people.js").Person} who */
function add(groups, row, who) {
  const count = groups.get(row) ?? { fine: 0, bad: 0, changing: 0, bright: false };
  groups.set(row, count);
  if (BAD.includes(who.figure)) count.bad += 1;
  else if (CALM.includes(who.figure)) count.fine += 1;
  else count.changing += 1;
  if (!who.dim) count.bright = true;
}

/** @param {import("./state.js").State} state @param {import("./people.js").Person[]} people */
function byOwner(state, people) {
  /** @type {Map<Row, Count>} */
  const groups = new Map();
  const alone = { id: "", kind: "", name: "no owner" };
  for (const who of people) {
    let top = state.rows.get(who.row.owner ?? "");
    while (top?.owner && state.rows.has(top.owner)) top = state.rows.get(top.owner);
    add(groups, top && (TOPS.includes(top.kind) || KEEPERS.includes(top.kind) || top.kind !== "Node") ? top : alone, who);
  }
  return groups;
}

/** @param {import("./state.js").State} state @param {import("./people.js").Person[]} people */
function byService(state, people) {
  /** @type {Map<Row, Count>} */
  const groups = new Map();
  const known = new Map(people.map((who) => [who.id, who]));
  for (const service of rowsOf(state, "Service")) {
    if (service.ns === "kube-system") continue;
    groups.set(service, { fine: 0, bad: 0, changing: 0, bright: false });
    for (const id of [...(service.yes ?? []), ...(service.no ?? [])]) {
      const who = known.get(id);
      if (who) add(groups, service, who);
    }
  }
  return groups;
}
