/** Keeps pieces of the page true: `[data-live]` asks the server again after changes, gently, and never under somebody's hands. */

const GENTLE = 700;
const ANYWAY = 5000;

/** Ask again soon after a change, at most every 700 ms, and every few seconds since ages grow. */
export function startLive() {
  let last = 0;
  let planned = 0;
  const refresh = () => {
    planned = 0;
    last = performance.now();
    if (document.hidden) return;
    for (const piece of document.querySelectorAll("[data-live]")) piece.dispatchEvent(new CustomEvent("podium:refresh"));
  };
  const soon = () => {
    if (!planned) planned = window.setTimeout(refresh, Math.max(60, last + GENTLE - performance.now()));
  };
  document.addEventListener("podium:changed", soon);
  document.addEventListener("visibilitychange", soon);
  setInterval(() => performance.now() - last > ANYWAY && soon(), 1000);
  document.addEventListener("htmx:oobBeforeSwap", keepHands);
  document.addEventListener("htmx:beforeSwap", keepHands);
  document.addEventListener("htmx:oobAfterSwap", follow);
  document.addEventListener("htmx:afterSwap", follow);
  document.addEventListener("htmx:afterSwap", markTab);
}

/** What somebody is filling in, deciding or selecting is not replaced; the next round offers it again. @param {Event} event */
function keepHands(event) {
  const { detail } = /** @type {CustomEvent} */ (event);
  const target = detail.target;
  const own = detail.requestConfig?.elt ?? detail.elt;
  const asked = event.type === "htmx:beforeSwap" && !(own instanceof Element && own.matches("[data-live]"));
  if (asked || !(target instanceof Element)) return;
  if (inUse(target)) detail.shouldSwap = false;
  else rememberScroll(target);
}

/** @param {Element} region */
function inUse(region) {
  const active = document.activeElement;
  if (active instanceof HTMLInputElement && active.type === "number" && region.contains(active)) return true;
  if (region.querySelector("details[open]")) return true;
  const selection = getSelection();
  return Boolean(selection && !selection.isCollapsed && region.contains(selection.anchorNode));
}

/** @type {Map<string, { top: number, left: number, end: boolean }>} */
const scrolls = new Map();

/** @param {Element} region */
function rememberScroll(region) {
  for (const box of region.querySelectorAll("pre[id]")) {
    const end = box.scrollTop + box.clientHeight > box.scrollHeight - 24;
    scrolls.set(box.id, { top: box.scrollTop, left: box.scrollLeft, end });
  }
}

/** Logs stay at their end while somebody reads there, and where they are otherwise. */
function follow() {
  for (const box of document.querySelectorAll("pre[id]")) {
    const was = scrolls.get(box.id) ?? { top: 0, left: 0, end: true };
    const follows = box.matches("[data-follow]") && was.end;
    box.scrollTop = follows ? box.scrollHeight : was.top;
    box.scrollLeft = was.left;
  }
  scrolls.clear();
}

/** @param {Event} event */
function markTab(event) {
  const { elt } = /** @type {CustomEvent} */ (event).detail.requestConfig ?? {};
  if (!(elt instanceof Element) || !elt.matches("[data-tab]")) return;
  for (const tab of document.querySelectorAll("[data-tab]")) {
    if (tab === elt) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}
