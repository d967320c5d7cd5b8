/** The traffic panel: charts as they come and go with it, sliders beside their numbers, forms that nobody redraws. */

import { Charts } from "./charts.js";
import { placeOf, rateAt } from "./rates.js";

export function startTraffic() {
  const charts = new Charts();
  charts.start();
  const look = () => {
    const box = document.querySelector("[data-traffic]");
    if (box instanceof HTMLElement && !box.querySelector(".uplot")) charts.show(box);
    for (const slider of document.querySelectorAll("[data-rate]:not([data-set])")) set(slider);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("input", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    const form = target.closest("form[data-fills]");
    if (!form) return;
    form.setAttribute("data-in-use", "");
    const [slider, number] = [form.querySelector("[data-rate]"), form.querySelector("input[name=rate]")];
    if (!(slider instanceof HTMLInputElement && number instanceof HTMLInputElement)) return;
    if (target === slider) number.value = String(rateAt(Number(slider.value)));
    else if (target === number) slider.value = String(placeOf(Number(number.value)));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt } = /** @type {CustomEvent} */ (event).detail;
    if (elt instanceof Element) elt.closest("form[data-fills]")?.removeAttribute("data-in-use");
  });
  look();
}

/** @param {Element} slider */
function set(slider) {
  slider.setAttribute("data-set", "");
  const number = slider.parentElement?.querySelector("input[name=rate]");
  if (slider instanceof HTMLInputElement && number instanceof HTMLInputElement) slider.value = String(placeOf(Number(number.value)));
}
