/** Keeps pieces of the page true: `[data-live]` asks the server again after changes, gently, never under somebody's hands. */

const GENTLE = 700;
const ANYWAY = 5000;

/** Ask again soon after a change, at most every 700 ms, and every few seconds since ages grow. */
export function startLive() {
  let last = 0;
  let planned = 0;
  const refresh = async () => {
    last = performance.now();
    const pieces = document.hidden ? [] : [...document.querySelectorAll("[data-live]")];
    await Promise.allSettled(pieces.map((piece) => ask(/** @type {HTMLElement} */ (piece))));
    planned = 0;
  };
  const soon = () => {
    if (!planned) planned = window.setTimeout(refresh, Math.max(60, last + GENTLE - performance.now()));
  };
  document.addEventListener("podium:changed", soon);
  document.addEventListener("visibilitychange", soon);
  setInterval(() => performance.now() - last > ANYWAY && soon(), 1000);
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail.target instanceof Element && inUse(detail.target)) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { elt } = /** @type {CustomEvent} */ (event).detail.requestConfig ?? {};
    if (elt instanceof Element && elt.matches("[data-tab]")) markTab(elt);
    toTheEnd(document);
  });
}

/** @param {HTMLElement} piece its `data-live` is the address; what the page shows already goes along */
async function ask(piece) {
  const url = new URL(piece.dataset.live ?? "", location.href);
  for (const input of piece.closest("article")?.querySelectorAll(".known") ?? []) {
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) continue;
    if (!(input instanceof HTMLInputElement && input.type === "checkbox" && !input.checked)) url.searchParams.set(input.name, input.value);
  }
  const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": piece.id } });
  if (answer.status !== 200 || !piece.isConnected) return;
  const coming = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [...coming.body.children]) place(part);
}

/** A part takes the place of what has its id; `data-prepend` puts its children before a list's. @param {Element} part */
function place(part) {
  const list = part.getAttribute("data-prepend");
  if (list) return prepend(part, document.getElementById(list));
  const old = document.getElementById(part.id);
  if (!old || inUse(old) || old.getAttribute("data-of") !== part.getAttribute("data-of")) return;
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : "";
  const scrolls = scrollsIn(old);
  const fresh = document.importNode(part, true);
  // the element itself stays: an answer that is on its way has it as its target
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  old.replaceChildren(...fresh.childNodes);
  htmx.process(old);
  for (const [id, at] of scrolls) Object.assign(document.getElementById(id) ?? {}, at.end ? { scrollTop: 1e9 } : at);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** @param {Element} part @param {HTMLElement | null} list `data-most`: older lines than so many go */
function prepend(part, list) {
  if (!list) return;
  const fresh = [...part.children].map((line) => /** @type {HTMLElement} */ (document.importNode(line, true)));
  for (const line of fresh) {
    // it tells of several at once, and of those that were told one by one before
    if ("many" in line.dataset) for (const old of list.querySelectorAll(`[data-run="${line.dataset.run}"]`)) old.remove();
  }
  list.prepend(...fresh);
  document.getElementById("feed-empty")?.remove();
  for (const line of fresh) {
    htmx.process(line);
    line.classList.add("fresh");
    requestAnimationFrame(() => requestAnimationFrame(() => line.classList.remove("fresh")));
  }
  while (list.childElementCount > Number(list.dataset.most ?? 200)) list.lastElementChild?.remove();
}

/** Somebody is filling it in, deciding or selecting there: the next round offers it again. @param {Element} region */
function inUse(region) {
  const active = document.activeElement;
  if (active instanceof HTMLInputElement && active.type === "number" && region.contains(active)) return true;
  if (active instanceof HTMLSelectElement && region.contains(active)) return true;
  if (region.querySelector("details[open], [data-in-use]")) return true;
  const selection = getSelection();
  return Boolean(selection && !selection.isCollapsed && region.contains(selection.anchorNode));
}

/** Logs stay at their end while somebody reads there, and where they are otherwise. @param {Element} region
 * @returns {[string, { scrollTop: number, scrollLeft: number, end: boolean }][]} */
function scrollsIn(region) {
  return [...region.querySelectorAll("pre[id]")].map((box) => {
    const atEnd = box.scrollTop + box.clientHeight > box.scrollHeight - 24;
    return [box.id, { scrollTop: box.scrollTop, scrollLeft: box.scrollLeft, end: box.matches("[data-follow]") && atEnd }];
  });
}

/** @param {ParentNode} page */
function toTheEnd(page) {
  for (const box of page.querySelectorAll("pre[data-follow]")) box.scrollTop = box.scrollHeight;
}

/** @param {Element} chosen */
function markTab(chosen) {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    if (tab === chosen) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}
