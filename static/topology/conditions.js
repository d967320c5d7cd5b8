/** How an object that we know nothing else of says that it is: its conditions in one word, the worst first (Kubernetes: API conventions, conditions). Pure. */

/** @typedef {import("./state.js").Row} Row */
/** @typedef {{ word: string, reason: string, bad: boolean, changing: boolean }} Said */

/** Of these types True is the bad news. */
const ALARM = /^(Degraded|Fail|Stalled|Error|Disrupted|ScalingLimited|Conflict|Terminating)|(Pressure|Unavailable|Failure|Failed|Error|Degraded|Problem)$/;
/** Of these, that they are not yet so is no trouble. */
const UNDER_WAY = /^(Progressing|Reconciling|Issuing|Synced|Initialized|Pending)$/;
/** Where all is well, the first of these is the word. */
const SUMMARY = ["Ready", "Available", "Healthy", "Established", "Accepted", "Programmed", "Complete", "Active"];

/** @param {Row} row @returns {Said} */
export function worstOf({ conditions = [], deleting }) {
  if (deleting) return { word: "Terminating", reason: "", bad: false, changing: true };
  const wrong = conditions.filter(([type, status]) => (ALARM.test(type) ? status === "True" : status === "False" && !UNDER_WAY.test(type)));
  const [type, , reason] = wrong.find(([name]) => SUMMARY.includes(name)) ?? wrong[0] ?? [];
  if (type) return { word: ALARM.test(type) ? type : `not ${type}`, reason: reason ?? "", bad: true, changing: false };
  const unsure = conditions.find(([, status]) => status === "Unknown");
  if (unsure) return { word: `${unsure[0]} unknown`, reason: unsure[2], bad: false, changing: true };
  const moving = conditions.find(([name, status]) => UNDER_WAY.test(name) && (name === "Synced") === (status === "False"));
  const good = conditions.filter(([name, status]) => status === "True" && !ALARM.test(name)).map(([name]) => name);
  if (moving && !SUMMARY.some((name) => good.includes(name))) return { word: moving[0], reason: moving[2], bad: false, changing: true };
  return { word: SUMMARY.find((name) => good.includes(name)) ?? good[0] ?? "no trouble", reason: "", bad: false, changing: false };
}

/** Those of which nothing but their conditions is known. @param {import("./state.js").State} state @param {string[]} [system] namespaces that are left out @returns {Row[]} */
export function speaking(state, system = []) {
  return state.spoken.get("").filter((row) => !system.includes(row.ns ?? ""));
}
