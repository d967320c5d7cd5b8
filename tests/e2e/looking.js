// A ruler and a finger, put into the page by looking.py.

const CONTROLS = "a[href], button, input:not([type=hidden]), select, summary, textarea, [role=slider]";
const OTHERS = ".visually-hidden, .skip, .xterm, .cm-editor, #twin, svg, canvas, iframe";
const LEAST = 43.5;

/** A link within a sentence may be as high as its line (WCAG 2.5.8). @param {Element} one */
function isInSentence(one) {
  const isInline = one.matches("a, button") && getComputedStyle(one).display.startsWith("inline");
  return isInline && Boolean(one.parentElement?.closest("p, li, dd, td, th, small, caption"));
}

/** @param {Element} one */
function isThere(one) {
  return one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest(OTHERS);
}

/** @param {Element} one */
function named(one) {
  return `${one.localName}${one.id ? "#" + one.id : ""}${one.className ? "." + one.className : ""} "${(one.textContent ?? "").trim().slice(0, 30)}"`;
}

/** What around it may be scrolled, or cuts it; null: nothing but the page. @param {Element} one @returns {Element | null} */
function scroller(one) {
  const around = one.parentElement;
  if (!around || around === document.body || around === document.documentElement) return null;
  return ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(around).overflowX) ? around : scroller(around);
}

/** What a finger can hardly press. @returns {string[]} */
function cramped() {
  return [...document.querySelectorAll(CONTROLS)].flatMap((one) => {
    if (!isThere(one) || isInSentence(one)) return [];
    const target = one.matches("input[type=checkbox], input[type=radio]") ? (one.closest("label") ?? one) : one;
    const { width, height } = target.getBoundingClientRect();
    const small = width > 1 && height > 1 && (width < LEAST || height < LEAST);
    return small ? [`${named(one)} is ${Math.round(width)} x ${Math.round(height)}`] : [];
  });
}

/** What ends outside of the window, or is cut without three dots. @returns {string[]} */
function cut() {
  const wide = document.documentElement.scrollWidth;
  const found = wide > innerWidth ? [`the page is ${wide} wide`] : [];
  for (const one of document.querySelectorAll("header *, main *, footer *")) {
    const speaks = [...one.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && (child.textContent ?? "").trim());
    if (!speaks || !isThere(one)) continue;
    const style = getComputedStyle(one);
    const cuts = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
    if (cuts && one.scrollWidth > one.clientWidth + 1) found.push(`${named(one)} is cut`);
    const { width, right } = one.getBoundingClientRect();
    if (width > 1 && right > innerWidth + 1 && !scroller(one)) found.push(`${named(one)} ends at ${Math.round(right)}`);
  }
  for (const one of document.querySelectorAll(CONTROLS)) {
    const { left, right } = one.getBoundingClientRect();
    if (isThere(one) && !scroller(one) && (right > innerWidth + 1 || left < -1)) found.push(`${named(one)} is outside`);
  }
  return found;
}

Object.assign(window, { looking: { cramped, cut } });
