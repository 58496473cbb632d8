import { useState } from "react";
import { copyText } from "../clipboard.ts";

const WORDS = { idle: "Copy", copied: "Copied", refused: "Select it and copy" } as const;

/** Copies a text, and says what came of it: a browser may refuse, and then one selects it by hand. */
export function CopyButton({ text, className = "" }: { readonly text: string; readonly className?: string }) {
  const [state, setState] = useState<keyof typeof WORDS>("idle");
  const copy = async () => setState((await copyText(text)) ? "copied" : "refused");
  return (
    <>
      <button type="button" className={`button button-small ${className}`} onClick={() => void copy()}>
        {WORDS[state]}
      </button>
      <span role="status" className="sr-only">
        {state === "idle" ? "" : WORDS[state]}
      </span>
    </>
  );
}
