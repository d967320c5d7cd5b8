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

/** "#ownership&follow=Deployment/default/web" @param {string} hash @returns {{ view: "nodes" | "ownership", follow: Target | null }} */
export function readHash(hash) {
  const [view, ...rest] = hash.replace(/^#/, "").split("&");
  const wanted = rest.find((part) => part.startsWith("follow="))?.slice(7).split("/") ?? [];
  const [kind, ns, name] = wanted.map(decodeURIComponent);
  return { view: view === "ownership" ? "ownership" : "nodes", follow: kind && name ? { kind, ns: ns ?? "", name } : null };
}

/** @param {string} view @param {Target | null} follow */
export function writeHash(view, follow) {
  if (!follow) return `#${view}`;
  return `#${view}&follow=${[follow.kind, follow.ns, follow.name].map(encodeURIComponent).join("/")}`;
}
