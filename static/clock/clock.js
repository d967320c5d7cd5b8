/** The cluster's clock in the header: it ticks between two words from the server. */

const FRAME = 200;

/** `[data-clock]` shows cluster time; speed, pause and anchor come with it, and with `podium:clock` from the socket. */
export function startClock() {
  const tick = () => {
    for (const face of document.querySelectorAll("time[data-clock]")) show(/** @type {HTMLElement} */ (face));
  };
  setInterval(tick, FRAME);
  document.addEventListener("htmx:load", tick);
  document.addEventListener("podium:changed", (event) => hear(/** @type {CustomEvent} */ (event).detail.clock));
  document.addEventListener("click", closeMenu);
}

/** Somebody changed its pace, or it fell behind: ask for the face anew. @param {{ speed: number, paused: boolean, lag?: number } | undefined} clock */
function hear(clock) {
  const face = document.querySelector("time[data-clock]");
  if (!clock || !(face instanceof HTMLElement) || document.querySelector(".clock-menu[open] :focus")) return;
  const same = clock.speed === Number(face.dataset.speed) && clock.paused === Boolean(face.dataset.paused);
  if (!same) htmx.ajax("get", `${document.body.dataset.base}clock/`, "#clock");
}

/** The clock's menu closes when something beside it is clicked. @param {Event} event */
function closeMenu(event) {
  const menu = document.querySelector("details.clock-menu[open]");
  if (menu && !(event.target instanceof Element && menu.contains(event.target))) menu.removeAttribute("open");
}

/** Cluster time (ms) of what the page shows: now, or the moment that is looked at; null where it has no clock. @param {Element | null} face */
export function shownTime(face) {
  const { past } = document.body.dataset;
  if (past) return Number(past) / 1000;
  if (!(face instanceof HTMLElement)) return null;
  const born = Number((face.dataset.born ??= String(performance.now())));
  const speed = face.dataset.paused ? 0 : Number(face.dataset.speed);
  return Number(face.dataset.clock) + (performance.now() - born) * speed;
}

/** @param {HTMLElement} face `data-clock`: cluster time (ms) when it came; `data-speed`; `data-paused` */
function show(face) {
  const text = new Date(shownTime(face) ?? 0).toISOString().slice(11, 19);
  if (face.textContent !== text) face.textContent = text;
}
