/** The theme: the system's until somebody chooses, then theirs. base.html sets it before the first paint. */

const KEY = "podium-theme";

/** @returns {"dark" | "light"} */
export function currentTheme() {
  return document.documentElement.dataset.theme === "light" ? "light" : "dark";
}

/** @param {"dark" | "light"} theme */
function show(theme) {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new CustomEvent("podium:theme", { detail: theme }));
}

/** Listens to the toggle in the header and to the system. */
export function startTheme() {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-toggle]")) return;
    const next = currentTheme() === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, next);
    show(next);
  });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", (event) => {
    if (!localStorage.getItem(KEY)) show(event.matches ? "light" : "dark");
  });
}
