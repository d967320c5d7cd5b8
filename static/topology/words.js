/** From rows to what a person reads: which figure, which short name, which duration. Pure. */

/** @typedef {import("./state.js").Row} Row */
/** @typedef {import("./palette.js").Figure} Figure */

const TROUBLE = /BackOff|Err|Invalid|OOM|Evicted|Fail|Deadline|Cannot|ExitCode|Signal/;
/** A template's hash and a pod's suffix: what a ReplicaSet adds, in Kubernetes' alphabet without vowels. */
const GENERATED = /(-[bcdf-hj-np-tv-xz2-9]{5,10})?-[bcdf-hj-np-tv-xz2-9]{5}$/;
/** Namespaces of what every cluster comes with: shown as people, not as owners. */
export const SYSTEM = ["kube-system", "ingress-nginx"];
/** What keeps its pods itself, without ReplicaSets between; it is shown even when it has none. */
export const KEEPERS = ["StatefulSet", "DaemonSet", "ReplicationController", "Job"];
/** What stands above ReplicaSets or Jobs. */
export const TOPS = ["Deployment", "CronJob"];
const STARTING = /^(ContainerCreating|PodInitializing|Init:\d+\/\d+)$/;

/** Its Ready condition is not True: False, or Unknown since nobody hears from it. A node that never had one is joining.
 * @param {Row | undefined} node */
export function isDark(node) {
  return node?.state === "NotReady";
}

/** Which of the nine figures a pod is. kubectl's word decides; Running is told apart by its Ready condition.
 * @param {Row} pod @param {Row | undefined} node @returns {Figure} */
export function figureOf(pod, node) {
  const word = pod.state ?? "";
  if (word === "Completed" || word === "Succeeded") return "Completed";
  if (isDark(node) || word === "Unknown" || pod.orphan) return "Unknown";
  if (pod.deleting || word === "Terminating") return "Terminating";
  if (word === "Running") return pod.ok ? "Ready" : pod.lost ? "NotReady" : "Running";
  if (word === "NotReady") return "NotReady";
  if (STARTING.test(word)) return "ContainerCreating";
  return TROUBLE.test(word) ? "CrashLoopBackOff" : "Pending";
}

/** The name under a figure: what owns it, without the hash and the suffix that make it unique; a member has a name of its own.
 * @param {Row} pod @param {Row | undefined} owner @param {Row | undefined} top the owner's owner */
export function shortName(pod, owner, top) {
  if (top) return top.name;
  if (owner?.kind === "StatefulSet") return pod.name;
  if (owner?.kind === "ReplicaSet" && owner.owner) return owner.name.replace(/-[^-]+$/, "");
  if (owner && owner.kind !== "Node") return owner.name;
  if (pod.owner && !owner) return pod.name.replace(GENERATED, "");
  return pod.system ? componentName(pod) : pod.name;
}

/** A mirror pod without "kube-" and its node's name. @param {Row} pod */
function componentName(pod) {
  const own = pod.node && pod.name.endsWith(`-${pod.node}`) ? pod.name.slice(0, -pod.node.length - 1) : pod.name;
  return own.replace(/^kube-/, "");
}

/** What makes the pod's name unique: "x2x8z". @param {Row} pod @param {string} short */
export function suffix(pod, short) {
  return pod.name === short ? "" : pod.name.slice(pod.name.lastIndexOf("-") + 1);
}

/** How far it is, in few words: "2 of 3 ready"; a Job's pods are not to stay but to get done. @param {Row} row */
export function progress(row) {
  if (row.kind === "CronJob") return row.paused ? "suspended" : row.schedule ?? "";
  const far = `${row.readyCount ?? 0} of ${row.desired ?? 0}`;
  if (row.kind !== "Job") return `${far} ready`;
  return row.state === "Running" || row.state === "Complete" ? `${far} done` : `${row.state}, ${far} done`;
}

/** "42 s", "4:18", "2 h 5 min". @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Millicores as people say them: 3700 is "3.7". @param {number} millicores */
export function cores(millicores) {
  return String(Math.round(millicores / 100) / 10);
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}
