/** CodeMirror in the page's colours, over a textarea that stays the form's field. */

import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { EditorView, basicSetup } from "codemirror";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)", fontWeight: "700" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.meta], color: "var(--muted)" },
]);

const look = EditorView.theme({
  "&": { background: "var(--stage)", color: "var(--ink)", border: "2px solid var(--line)", borderRadius: "10px", fontSize: "15px", height: "100%", minHeight: "110px" },
  "&.cm-focused": { outline: "none", borderColor: "var(--accent)" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontWeight: "500", lineHeight: "1.5", borderRadius: "8px" },
  ".cm-content": { caretColor: "var(--ink)", minHeight: "120px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { background: "var(--stage)", color: "var(--muted)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "color-mix(in srgb, var(--wall) 60%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--accent) 26%, transparent)" },
  ".cm-tooltip": { background: "var(--bubble)", color: "var(--on-bubble)", border: "0", borderRadius: "8px", maxWidth: "340px", fontFamily: "var(--text)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--crash)" },
  ".cm-refused": { background: "color-mix(in srgb, var(--crash) 24%, transparent)" },
  ".cm-panels": { background: "var(--wall)", color: "var(--ink)" },
});

export class Writing {
  #view;

  /** @param {HTMLTextAreaElement} area @param {(text: string) => void} onChange */
  constructor(area, onChange) {
    this.#view = new EditorView({
      doc: area.value,
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: () => (area.form?.requestSubmit(), true) }]),
        basicSetup, yaml(), syntaxHighlighting(colours), look, lintGutter(),
        EditorView.contentAttributes.of({ "aria-label": "Manifest in YAML", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          onChange(area.value);
        }),
      ],
    });
    area.hidden = true;
    area.after(this.#view.dom);
  }

  /** Another text; the one before comes back with undo. @param {string} text */
  replace(text) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true });
    this.mark([]);
    this.#view.focus();
  }

  /** @param {{ line: number, message: string }[]} problems lines from 1 */
  mark(problems) {
    const { doc } = this.#view.state;
    const found = problems.map(({ line, message }) => {
      const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
      return { from, to, message, severity: /** @type {const} */ ("error"), markClass: "cm-refused" };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, found));
    if (found.length) this.#view.dispatch({ effects: EditorView.scrollIntoView(found[0].from, { y: "center" }) });
  }

  /** @param {number} line from 1 */
  goTo(line) {
    const { from } = this.#view.state.doc.line(Math.min(Math.max(line, 1), this.#view.state.doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.#view.focus();
  }
}
