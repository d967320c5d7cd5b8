/** Copy buttons. Over plain http there is no clipboard to ask: then the text is selected and copied the old way. */

const SAID = 1600;

/** `[data-copy]` copies what stands before it, or what its value names. */
export function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!(button instanceof HTMLElement)) return;
    const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : button.previousElementSibling;
    if (source) say(button, await copy(source));
  });
}

/** @param {Element} source @returns {Promise<string>} what to say on the button */
async function copy(source) {
  const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? "");
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    select(source);
    return document.execCommand("copy") ? "Copied" : "Press Ctrl-C";
  }
}

/** @param {Element} source */
function select(source) {
  if (source instanceof HTMLInputElement) source.select();
  else getSelection()?.selectAllChildren(source);
}

/** @param {HTMLElement} button @param {string} word */
function say(button, word) {
  const before = button.dataset.label ?? (button.dataset.label = button.textContent ?? "");
  button.textContent = word;
  setTimeout(() => (button.textContent = before), SAID);
}
