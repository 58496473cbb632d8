import { useState } from "react";

/**
 * What somebody writes over something that is stored, as plain data. It follows what is stored until they
 * write; what changes from then on leaves it alone, and `was` says what they began with.
 */
export function useDraft<Draft>(stored: Draft) {
  const [{ was, draft }, set] = useState({ was: stored, draft: stored });
  if (textOf(draft) === textOf(was) && textOf(stored) !== textOf(was)) {
    set({ was: stored, draft: stored });
  }
  return {
    was,
    draft,
    setDraft: (next: Draft) => set((before) => ({ ...before, draft: next })),
    /** Goes on from what was saved of what was sent: what was written meanwhile stays. */
    goOn: (saved: Draft, sent: Draft) =>
      set((before) => ({
        was: saved,
        draft: textOf(before.draft) === textOf(sent) ? saved : before.draft,
      })),
  };
}

function textOf(draft: unknown): string {
  return JSON.stringify(draft);
}
