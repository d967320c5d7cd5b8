/** Small things that forms in the panel do: steppers, one question at a time, and leaving it. */

export function startForms() {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const step = event.target.closest("[data-step]");
    if (step instanceof HTMLElement) count(step);
    if (event.target.closest("[data-panel-close]")) /** @type {HTMLElement | null} */ (document.querySelector("#side [data-close]"))?.click();
    if (event.target.closest("[data-unask]")) close(event.target.closest("details"));
  });
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("details.ask[open]");
    if (event.key !== "Escape" || !(open instanceof HTMLDetailsElement)) return;
    event.preventDefault();
    close(open);
  }, { capture: true });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt } = /** @type {CustomEvent} */ (event).detail.requestConfig ?? {};
    if (elt instanceof Element && elt.matches("form.asked")) close(elt.closest("details"));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!(event.target instanceof HTMLElement) || event.target.id !== "inspect-outcome") return;
    if (document.activeElement === document.body) event.target.focus({ preventScroll: true });
    event.target.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("toggle", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLDetailsElement) || !target.open || !target.matches(".ask")) return;
    target.scrollIntoView({ block: "nearest" });
  }, { capture: true });
}

/** @param {HTMLElement} button */
function count(button) {
  const input = button.parentElement?.querySelector("input");
  if (!input) return;
  if (Number(button.dataset.step) > 0) input.stepUp();
  else input.stepDown();
}

/** @param {HTMLDetailsElement | null} question */
function close(question) {
  if (!question) return;
  question.open = false;
  question.querySelector("summary")?.focus();
}
