import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { createJsonEditor, EditorFacts, JsonEditor } from "../editor/json-editor.ts";
import { faultText, jsonFault } from "../text/json-fault.ts";
import { laidOut } from "../text/json-text.ts";
import { Field } from "./field.tsx";

interface JsonFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly rows: number;
  readonly value: string;
  /** Whether it may be left empty. Default: it may not. */
  readonly isOptional?: boolean;
  /** Of what is written, which is then offered. Default: nothing is. */
  readonly schema?: unknown;
  readonly onChange: (text: string) => void;
}

/** A field for JSON that says where it is none: a plain one, until the editor in its place is there. */
export function JsonField(props: JsonFieldProps) {
  const { label, hint, rows, value, isOptional = false, onChange } = props;
  const problem = jsonProblem(value, isOptional);
  const plain = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<JsonEditor>(null);
  const { create, selection } = useEditor(plain);
  const help = `${hint} ${HOW}`;
  return (
    <div>
      <Field label={label} hint={hint} problem={problem} onLabel={() => editor.current?.focus()}>
        {(given) =>
          create === undefined ? (
            <textarea
              {...given}
              ref={plain}
              className="input font-mono text-[12px]"
              rows={rows}
              spellCheck={false}
              value={value}
              onChange={({ target }) => onChange(target.value)}
            />
          ) : (
            <Editor
              create={create}
              selection={selection}
              editor={editor}
              facts={{
                text: value,
                label,
                hint: problem ?? help,
                isWrong: problem !== undefined,
                schema: props.schema,
                rows,
              }}
              onChange={onChange}
            />
          )
        }
      </Field>
      <button
        type="button"
        className="button button-small mt-1"
        disabled={problem !== undefined || value.trim() === ""}
        onClick={() =>
          onChange(
            laidOut(value)
              .map(({ text }) => text)
              .join(""),
          )
        }
      >
        Lay out
      </button>
    </div>
  );
}

/** Said to whoever does not see it: what the keys of the editor are, and that none keeps anybody in it. */
const HOW = "Tab leaves the field. Control Space offers what fits, F8 goes to a fault, Control Enter sends.";

interface Selection {
  readonly start: number;
  readonly end: number;
}

/** Loads the editor. It takes over from whoever is writing already, at the place where they are. */
function useEditor(plain: RefObject<HTMLTextAreaElement | null>) {
  const [loaded, setLoaded] = useState<{
    readonly create: typeof createJsonEditor;
    readonly selection: Selection | undefined;
  }>();
  useEffect(() => {
    let isHere = true;
    void import("../editor/json-editor.ts").then(
      ({ createJsonEditor: create }) => {
        if (isHere) {
          setLoaded({ create, selection: selectionIn(plain.current) });
        }
      },
      // The plain field goes on: the server may have another version of the dashboard by now.
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [plain]);
  return loaded ?? { create: undefined, selection: undefined };
}

function selectionIn(field: HTMLTextAreaElement | null): Selection | undefined {
  return field === null || field !== document.activeElement
    ? undefined
    : { start: field.selectionStart, end: field.selectionEnd };
}

interface EditorProps {
  readonly create: typeof createJsonEditor;
  readonly selection: Selection | undefined;
  readonly editor: RefObject<JsonEditor | null>;
  readonly facts: EditorFacts;
  readonly onChange: (text: string) => void;
}

function Editor({ create, selection, editor, facts, onChange }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ facts, onChange });
  // Before it is made, so that it is made with what holds now.
  useLayoutEffect(() => {
    latest.current = { facts, onChange };
    editor.current?.tell(facts);
  });
  useLayoutEffect(() => {
    if (host.current === null) {
      return undefined;
    }
    const made = create(host.current, latest.current.facts, (text) => latest.current.onChange(text));
    editor.current = made;
    if (selection !== undefined) {
      made.focus(selection);
    }
    return () => {
      editor.current = null;
      made.end();
    };
  }, [create, selection, editor]);
  return <div ref={host} className="font-mono" />;
}

/** Says where a text is no JSON; undefined: it is. */
export function jsonProblem(text: string, isOptional = false): string | undefined {
  const fault = isOptional && text.trim() === "" ? undefined : jsonFault(text);
  return fault && faultText(fault);
}
