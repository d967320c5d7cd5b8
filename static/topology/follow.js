/** Following a Deployment, a ReplicaSet or a Service to its pods. Pure. */

/** @typedef {import("./state.js").State} State */
/** @typedef {{ kind: string, ns: string, name: string }} Target */

/** The uids of the pods that belong to it; null when nothing is followed, or when it no longer exists.
 * @param {State} state @param {Target | null} target @returns {Set<string> | null} */
export function followed(state, target) {
  if (!target) return null;
  const top = [...state.rows.values()].find((row) => row.kind === target.kind && (row.ns ?? "") === target.ns && row.name === target.name);
  if (!top) return null;
  if (top.kind === "Service") return new Set([...(top.yes ?? []), ...(top.no ?? [])]);
  const pods = new Set();
  for (const row of state.rows.values()) {
    if (row.kind === "Pod" && descends(state, row, top.id)) pods.add(row.id);
  }
  return pods;
}

/** @param {State} state @param {import("./state.js").Row} row @param {string} ancestor */
function descends(state, row, ancestor) {
  let at = row.owner;
  for (let depth = 0; at && depth < 5; depth += 1) {
    if (at === ancestor) return true;
    at = state.rows.get(at)?.owner;
  }
  return false;
}

/** @typedef {"nodes" | "ownership" | "traffic" | "storage"} View */
/** @typedef {{ view: View, follow: Target | null, pick: Target | null, filter: string, projector: boolean }} Where */

const VIEWS = /** @type {View[]} */ (["nodes", "ownership", "traffic", "storage"]);

/** "?view=traffic&follow=Deployment/default/web&pick=Pod/default/web-1&q=app%3Dweb": every view is a link.
 * @param {string} search @returns {Where} */
export function readWhere(search) {
  const asked = new URLSearchParams(search);
  const view = /** @type {View} */ (asked.get("view"));
  return { view: VIEWS.includes(view) ? view : "nodes", follow: target(asked.get("follow")), pick: target(asked.get("pick")), filter: asked.get("q") ?? "", projector: asked.has("projector") };
}

/** @param {Where} where @returns {string} what stands behind the path */
export function writeWhere({ view, follow, pick, filter, projector }) {
  const told = [["view", view === "nodes" ? "" : view], ["follow", written(follow)], ["pick", written(pick)], ["q", filter], ["projector", projector ? "1" : ""]].filter(([, value]) => value);
  return told.length ? `?${told.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2F", "/")}`).join("&")}` : "";
}

/** @param {string | null} words @returns {Target | null} */
function target(words) {
  const [kind, ns, name] = (words ?? "").split("/");
  return kind && name ? { kind, ns, name } : null;
}

/** @param {Target | null} one */
function written(one) {
  return one ? [one.kind, one.ns, one.name].join("/") : "";
}
