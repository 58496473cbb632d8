import { EditorView } from "@codemirror/view";

/**
 * How the editor looks: by the page's own colours, which reach into its shadow root and follow the theme.
 * Images are data URLs by default, which the page's policy refuses: a fault is underlined by the browser.
 */
export const LOOKS = EditorView.theme({
  "&": {
    maxHeight: "28rem",
    color: "var(--ink)",
    backgroundColor: "var(--panel)",
    border: "1px solid light-dark(#8b929a, #5d656d)",
    borderRadius: "6px",
    overflow: "hidden",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "inherit", fontSize: "12px", lineHeight: "20px" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-gutters": {
    color: "var(--muted)",
    backgroundColor: "transparent",
    border: "none",
  },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": {
    color: "var(--ink)",
    backgroundColor: "var(--accent-soft)",
    outline: "1px solid var(--accent)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-active": { backgroundColor: "var(--bad-soft)" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--bad)" },
  ".cm-diagnostic": { padding: "4px 8px" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--bad)" },
  ".cm-tooltip": {
    fontSize: "12px",
    color: "var(--ink)",
    backgroundColor: "var(--panel)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 25%)",
  },
  ".cm-tooltip.cm-completionInfo": { padding: "4px 8px", maxWidth: "24rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    color: "var(--accent)",
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--raised)" },
});
