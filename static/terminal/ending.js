/** What is said when a terminal's session is over. */

const CODES = new Map([
  [4004, "This cluster is gone."],
  [4403, "You may look only."],
  [4429, "You have too many terminals open."],
]);

/** @param {{ code?: number, error?: string } | null} end @param {number} [closed] the socket's close code */
export function ended(end, closed = 1000) {
  if (end?.error) return sentence(end.error);
  if (end?.code === 137) return "The shell was killed: its container has ended.";
  if (end) return end.code ? `The shell has ended with exit code ${end.code}.` : "The shell has ended.";
  return CODES.get(closed) ?? "The connection broke off.";
}

/** The last part is what matters to who sits before it. @param {string} error */
function sentence(error) {
  const found = error.match(/exec: "[^"]+": (.*?)(: unknown)?$/);
  return found ? `No shell here: ${found[0].replace(/: unknown$/, "")}.` : `${error}.`;
}
