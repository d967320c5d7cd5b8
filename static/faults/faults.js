/** Break something: whom a fault would hit is outlined in the picture, as long as its dialog is open. */

export function startFaults() {
  let shown = "[]";
  const look = () => {
    const uids = document.querySelector("#panel [data-outline]")?.getAttribute("data-outline") ?? "[]";
    if (uids === shown) return;
    shown = uids;
    const { podium } = /** @type {{ podium?: { outline?: (uids: string[]) => void } }} */ (/** @type {unknown} */ (window));
    podium?.outline?.(JSON.parse(uids));
  };
  const panel = document.querySelector("#panel");
  if (panel) new MutationObserver(look).observe(panel, { childList: true, subtree: true });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("#side [data-close]")) forget();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!(event.target instanceof HTMLElement) || event.target.id !== "panel" || !event.target.querySelector("#faults")) return;
    event.target.scrollTop = 0;
    event.target.parentElement?.scrollTo(0, 0);
    const outcome = event.target.querySelector("#faults-outcome");
    if (outcome instanceof HTMLElement && outcome.firstElementChild) outcome.focus({ preventScroll: true });
  });
  /** A dialog that was closed says nothing any more. */
  function forget() {
    document.querySelector("#panel [data-outline]")?.setAttribute("data-outline", "[]");
    look();
  }
}
