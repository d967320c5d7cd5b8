/** Opens a terminal where a pod's panel offers one, and closes it when the panel shows something else. */

/** @typedef {import("./screen.js").Screen} Screen */

/** @type {Screen | null} */
let screen = null;

export function startTerminals() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-terminal-form]")) return;
    event.preventDefault();
    void open(form);
  });
  const sweep = () => {
    if (screen && !screen.host.isConnected) close();
  };
  document.addEventListener("htmx:afterSwap", sweep);
  document.addEventListener("podium:changed", sweep);
  new MutationObserver(sweep).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("pagehide", close);
}

function close() {
  screen?.stop();
  screen = null;
}

/** The terminal's library is large: it comes when it is wanted. @param {HTMLFormElement} form */
async function open(form) {
  const host = form.parentElement?.querySelector("[data-terminal]");
  if (!(host instanceof HTMLElement)) return;
  close();
  const state = /** @type {HTMLElement} */ (form.querySelector(".terminal-state"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const container = String(new FormData(form).get("container"));
  button.disabled = true;
  state.textContent = "Opening …";
  const { Screen } = await import("./screen.js");
  if (!host.isConnected) return;
  host.hidden = false;
  host.dataset.inUse = "";
  const hint = /** @type {HTMLElement | null} */ (form.parentElement?.querySelector(".terminal-hint"));
  if (hint) hint.hidden = false;
  screen = new Screen(host, `${host.dataset.terminal}${encodeURIComponent(container)}/`, `Terminal in the container ${container}`, {
    opened: () => { state.textContent = ""; },
    ended: (words) => {
      state.textContent = words;
      button.disabled = false;
      button.textContent = "Open another shell";
      delete host.dataset.inUse;
    },
  });
  screen.start();
}
