/** Ports from plug to plug: what a Service means on a pod, and whether somebody truly listens there. Pure. */

/** @typedef {import("./state.js").Row} Row */

/** The port that is meant on a pod: a name is looked up among those it declares. @param {number | string} target @param {Row} pod */
export function meant(target, pod) {
  if (typeof target === "number") return target;
  const named = pod.ports?.find(([, name]) => name === target);
  return named ? Number(named[0]) : null;
}

/** @param {Row} pod @param {number | string} target */
export function listensAt(pod, target) {
  return Boolean(pod.listens?.includes(/** @type {number} */ (meant(target, pod))));
}

/** @param {Row} ingress @param {Row} service */
export function leads(ingress, service) {
  return ingress.ns === service.ns && Boolean(ingress.rules?.some((rule) => rule[2] === service.name));
}

/** @param {Row} service */
export function reachable(service) {
  return service.type === "NodePort" || service.type === "LoadBalancer";
}
