/** Turns the editor's textarea into CodeMirror when it appears, marks the lines that were refused, keeps the draft. */

/** @typedef {import("./writing.js").Writing} Writing */

/** @type {Writing | null} */
let writing = null;
/** The textarea that `writing` stands for. @type {HTMLTextAreaElement | null} */
let written = null;

export function startEditor() {
  const enhance = () => {
    const area = document.querySelector("textarea[data-editor]");
    if (area instanceof HTMLTextAreaElement && !area.dataset.enhanced) mount(area);
  };
  document.addEventListener("htmx:load", enhance);
  enhance();
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target instanceof Element && event.target.id === "editor-result") showProblems();
  });
  document.addEventListener("htmx:beforeSwap", sayTooLong);
  document.addEventListener("click", goToLine);
  document.addEventListener("change", pickExample);
}

/** CodeMirror is large: it comes when it is wanted. @param {HTMLTextAreaElement} area */
async function mount(area) {
  area.dataset.enhanced = "1";
  const draft = `podium-draft-${area.dataset.editor}`;
  if (!("given" in area.dataset)) area.value = recalled(draft) || area.value;
  const { Writing } = await import("./writing.js");
  if (!area.isConnected) return;
  writing = new Writing(area, (text) => keep(draft, text));
  written = area;
  showProblems();
}

function showProblems() {
  const found = [...document.querySelectorAll("#editor-result [data-line]")].map((link) => {
    const { line, message } = /** @type {HTMLElement} */ (link).dataset;
    return { line: Number(line), message: message ?? "" };
  });
  writing?.mark(found);
}

/** The server refuses a very large body before any page is asked. @param {Event} event */
function sayTooLong(event) {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.xhr?.status !== 413 || detail.target?.id !== "editor-result") return;
  detail.serverResponse = '<div class="outcome outcome-bad"><p>The text is too long: at most 1 MiB can be applied at once. Nothing was applied.</p></div>';
}

/** @param {MouseEvent} event */
function goToLine(event) {
  const link = event.target instanceof Element ? event.target.closest("#editor-result [data-line]") : null;
  if (!(link instanceof HTMLElement) || !writing) return;
  event.preventDefault();
  writing.goTo(Number(link.dataset.line));
}

/** @param {Event} event */
async function pickExample(event) {
  const select = event.target;
  if (!(select instanceof HTMLSelectElement) || !select.dataset.example) return;
  const about = document.querySelector("#editor-about");
  if (about) about.textContent = select.selectedOptions[0]?.dataset.about ?? "";
  if (!select.value) return;
  const answer = await fetch(`${select.dataset.example}${select.value}/`);
  if (answer.ok) putDown(await answer.text());
}

/** Into CodeMirror, or, while that is still on its way, into the textarea that it will begin with. @param {string} text */
function putDown(text) {
  const area = document.querySelector("textarea[data-editor]");
  if (!(area instanceof HTMLTextAreaElement)) return;
  if (writing && written === area) writing.replace(text);
  else area.value = text;
}

/** @param {string} key */
function recalled(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} text */
function keep(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // storage may be forbidden: then the draft lasts as long as the editor is open
  }
}
