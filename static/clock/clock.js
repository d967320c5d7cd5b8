/** The cluster's clock in the header: it ticks between two words from the server. */

const FRAME = 200;

/** `[data-clock]` shows cluster time; speed, pause and anchor come with it, and with `podium:clock` from the socket. */
export function startClock() {
  const tick = () => {
    for (const face of document.querySelectorAll("time[data-clock]")) show(/** @type {HTMLElement} */ (face));
  };
  setInterval(tick, FRAME);
  document.addEventListener("htmx:load", tick);
  document.addEventListener("podium:clock", () => htmx.ajax("get", `${document.body.dataset.base}clock/`, "#clock"));
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.matches("[data-clock-open]")) input.closest("details")?.removeAttribute("open");
  });
  document.addEventListener("click", closeMenus);
}

/** A menu closes when something outside it is clicked, or something in it was chosen. @param {Event} event */
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open], details.clock-menu[open]")) {
    const inside = event.target instanceof Element && menu.contains(event.target);
    const chosen = menu.matches(".menu") && inside && event.target instanceof Element && event.target.closest("button, a");
    if (!inside || chosen) menu.removeAttribute("open");
  }
}

/** @param {HTMLElement} face `data-clock`: cluster time (ms) when it came; `data-speed`; `data-paused` */
function show(face) {
  const born = Number((face.dataset.born ??= String(performance.now())));
  const speed = face.dataset.paused ? 0 : Number(face.dataset.speed);
  const now = new Date(Number(face.dataset.clock) + (performance.now() - born) * speed);
  const text = now.toISOString().slice(11, 19);
  if (face.textContent !== text) face.textContent = text;
}
