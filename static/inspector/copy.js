/** Copy buttons. Over plain http there is no clipboard to ask: then a selection is copied the old way. */

const SAID = 1600;

/** `data-copy` is the text; `data-copy-of` names an element that holds it. */
export function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!(button instanceof HTMLElement)) return;
    const source = button.dataset.copyOf ? document.querySelector(button.dataset.copyOf)?.textContent : button.dataset.copy;
    say(button, (await copied(source ?? "")) ? "Copied" : "Press Ctrl-C");
  });
}

/** @param {string} text */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selectAndCopy(text);
  }
}

/** Where even that is refused, the text stays selected for Ctrl-C. @param {string} text */
function selectAndCopy(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  if (done) area.remove();
  else area.addEventListener("blur", () => area.remove());
  return done;
}

/** @param {HTMLElement} button @param {string} word */
function say(button, word) {
  const before = button.dataset.label ?? (button.dataset.label = button.textContent ?? "");
  button.textContent = word;
  setTimeout(() => (button.textContent = before), SAID);
}
