/**
 * An editor for JSON, loaded when somebody edits. It stands in a shadow root: there its styles are style
 * sheets made by a script, which the page's policy allows, and not elements, which it refuses.
 */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, linter, lintKeymap } from "@codemirror/lint";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { faultText, jsonFault } from "../text/json-fault.ts";
import { jsonPlaceAt } from "../text/json-place.ts";
import { schemaHints } from "../text/schema-hints.ts";
import { LOOKS } from "./looks.ts";

/** What the editor is told, and told again whenever it changes. */
export interface EditorFacts {
  readonly text: string;
  readonly label: string;
  /** What is said of it, or what is wrong with it: for whoever does not see what stands below. */
  readonly hint: string;
  readonly isWrong: boolean;
  /** Of what is written: names and values are offered by it. Undefined: none are. */
  readonly schema: unknown;
  /** Lines that it has room for at least. */
  readonly rows: number;
}

export interface JsonEditor {
  tell(facts: EditorFacts): void;
  /** Takes the focus, and selects; by default where it was. */
  focus(selection?: { readonly start: number; readonly end: number }): void;
  end(): void;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: tags.number, color: "var(--warn)" },
  { tag: [tags.bool, tags.null], color: "var(--bad)" },
  { tag: [tags.separator, tags.punctuation, tags.brace, tags.squareBracket], color: "var(--muted)" },
]);

/** On changes that come from outside, which nobody has to be told of. */
const isTold = Annotation.define<true>();

/** Puts an editor into an element that has nothing else in it. */
export function createJsonEditor(
  host: HTMLElement,
  first: EditorFacts,
  onChange: (text: string) => void,
): JsonEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const described = new Compartment();
  let facts = first;
  const view = new EditorView({
    root,
    state: EditorState.create({
      doc: first.text,
      extensions: [
        lineNumbers(),
        history(),
        json(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [(context) => offered(context, facts.schema)], icons: false }),
        linter(({ state }) => faultsIn(state), { delay: 200 }),
        // Nothing is bound to Tab: it leaves, as it leaves any other field.
        keymap.of([
          { key: "Mod-Enter", run: () => submitFormOf(host) },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.lineWrapping,
        EditorView.domEventHandlers({ beforeinput: typeOver }),
        EditorView.domEventObservers({ compositionstart: composeOver }),
        EditorView.updateListener.of(({ docChanged, transactions, state }) => {
          if (docChanged && !transactions.some((one) => one.annotation(isTold) === true)) {
            onChange(state.doc.toString());
          }
        }),
        syntaxHighlighting(COLOURS),
        LOOKS,
        described.of(attributesOf(first)),
      ],
    }),
  });
  root.replaceChildren(view.dom);
  return {
    tell(told) {
      const isOther = told.text !== view.state.doc.toString();
      facts = told;
      view.dispatch({
        effects: described.reconfigure(attributesOf(told)),
        annotations: isTold.of(true),
        ...(isOther ? { changes: { from: 0, to: view.state.doc.length, insert: told.text } } : {}),
      });
    },
    focus(selection) {
      view.focus();
      if (selection !== undefined) {
        const { length } = view.state.doc;
        const { start, end } = selection;
        view.dispatch({ selection: { anchor: Math.min(start, length), head: Math.min(end, length) } });
      }
    },
    end: () => view.destroy(),
  };
}

/**
 * Types over what is selected. Left to itself the browser would give what is typed the looks of what was
 * there, by inline styles, each of which the page's policy refuses and reports.
 */
function typeOver({ inputType, data }: InputEvent, view: EditorView): boolean {
  const { state } = view;
  const { from, to } = state.selection.main;
  if (inputType !== "insertText" || data === null || from === to) {
    return false;
  }
  const insert = () =>
    state.update(state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
  if (!state.facet(EditorView.inputHandler).some((take) => take(view, from, to, data, insert))) {
    view.dispatch(insert());
  }
  return true;
}

/**
 * Takes away what is selected before an input method writes over it: that cannot be refused, as `typeOver`
 * does, and the browser would give it the looks of what was there in the same way.
 */
function composeOver(_event: CompositionEvent, view: EditorView): void {
  const { from, to, empty } = view.state.selection.main;
  if (!empty) {
    // As the editor does by itself where several lines are selected.
    view.dispatch({ changes: { from, to }, userEvent: "input" });
  }
}

function attributesOf({ label, hint, isWrong, rows }: EditorFacts) {
  return EditorView.contentAttributes.of({
    "aria-label": label,
    // A text, as no id leads out of a shadow root.
    "aria-description": hint,
    "aria-invalid": String(isWrong),
    tabindex: "0",
    style: `min-height: ${rows * 20 + 8}px`,
  });
}

function faultsIn({ doc }: EditorState): readonly Diagnostic[] {
  const text = doc.toString();
  const fault = text.trim() === "" ? undefined : jsonFault(text);
  if (fault === undefined) {
    return [];
  }
  const line = doc.line(Math.min(fault.line, doc.lines));
  const from = Math.min(line.from + fault.column - 1, line.to);
  return [{ from, to: Math.min(from + 1, line.to), severity: "error", message: faultText(fault) }];
}

function offered(context: CompletionContext, schema: unknown): CompletionResult | null {
  const text = context.state.doc.toString();
  const place = jsonPlaceAt(text, context.pos);
  // Where nothing is written yet, only who asks is told.
  if (schema === undefined || place === undefined || (place.from === context.pos && !context.explicit)) {
    return null;
  }
  const { from, to, wants, hasColon } = place;
  return {
    from,
    to,
    filter: false,
    options: matching(schemaHints(schema, place), text.slice(from, context.pos)).map(
      ({ literal, detail, description, isRequired }) => ({
        label: literal,
        detail,
        apply: wants === "name" && !hasColon ? `${literal}: ` : literal,
        boost: isRequired ? 1 : 0,
        ...(description === undefined ? {} : { info: description }),
      }),
    ),
  };
}

/** Those that have what is written in them, quotes or not, small letters or large. */
function matching<Hint extends { readonly literal: string }>(
  hints: readonly Hint[],
  written: string,
): readonly Hint[] {
  const wanted = written.replace(/^"/, "").toLowerCase();
  return hints.filter(({ literal }) => literal.toLowerCase().includes(wanted));
}

/** Does what its button would do, where that may be pressed. */
function submitFormOf(host: HTMLElement): boolean {
  const button = host.closest("form")?.querySelector<HTMLElement>("button[type=submit]");
  button?.click();
  return button !== null && button !== undefined;
}
