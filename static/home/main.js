/** The first page: a new visitor's browser asks for its cluster when the page has loaded, by a POST like the button's. */

const form = document.querySelector("form[action='/new/']");

if (form instanceof HTMLFormElement) {
  form.addEventListener("submit", () => {
    const waits = form.querySelector(".waits");
    if (waits instanceof HTMLElement) waits.hidden = false;
    document.body.classList.add("rising");
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  // coming back with the browser's back button must not make another
  const fresh = performance.getEntriesByType("navigation")[0]?.toJSON().type !== "back_forward";
  if ("asks" in form.dataset && fresh) form.requestSubmit();
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
