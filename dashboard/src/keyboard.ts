import { areShortcutsOn } from "./shortcuts.ts";

/**
 * Keys of the whole page, wherever nobody writes: `/` searches, `j` and `k` go through the rows of a list,
 * `r` asks to replay what is shown: of a list, the row that one is in.
 */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    const isShortcut = !event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event);
    if (
      isShortcut &&
      areShortcutsOn() &&
      document.querySelector("dialog[open]") === null &&
      press(event.key)
    ) {
      event.preventDefault();
    }
  });
}

/** What Ctrl K, ⌘ K and `?` open; returns how to stop. */
export function listenToOpeners(open: (what: "palette" | "keys") => void): () => void {
  const answer = (event: KeyboardEvent) => {
    const isModified = event.ctrlKey || event.metaKey;
    const isPalette = isModified && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    const isKeys = event.key === "?" && !isModified && !isWriting(event) && areShortcutsOn();
    if ((isPalette || isKeys) && document.querySelector("dialog[open]") === null) {
      event.preventDefault();
      open(isPalette ? "palette" : "keys");
    }
  };
  document.addEventListener("keydown", answer);
  return () => document.removeEventListener("keydown", answer);
}

/** An editor is in a shadow root: outside it, its events seem to come from what holds it. */
function isWriting(event: KeyboardEvent): boolean {
  const [target = null] = event.composedPath();
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}

/** Returns whether the key meant something. */
function press(key: string): boolean {
  switch (key) {
    case "/":
      return focus(document.querySelector("[data-search]"));
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "r": {
      const row = document.activeElement?.closest("tr, li") ?? undefined;
      return row === undefined ? replayAlone() : click(row.querySelector("[data-replay]"));
    }
    default:
      return false;
  }
}

/** Where several can be replayed, and nobody is at one of them, none is meant: it goes to the first. */
function replayAlone(): boolean {
  const ofPage = document.querySelector("[data-actions] [data-replay]:not(:disabled)");
  const [first = null, ...others] = document.querySelectorAll("#screen [data-replay]");
  return ofPage !== null || others.length === 0
    ? click(ofPage ?? first)
    : focus(first?.closest("tr, li")?.querySelector("[data-row]") ?? null);
}

function click(button: Element | null): boolean {
  if (button instanceof HTMLElement) {
    button.click();
  }
  return button !== null;
}

/** Where the keys went last: who comes back to the list goes on from there. */
let lastRow: string | null = null;

function step(by: number): boolean {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const from = at === -1 ? rows.findIndex((row) => row.getAttribute("href") === lastRow) : at;
  const to = rows[Math.max(0, Math.min(rows.length - 1, from + by))] ?? null;
  lastRow = to?.getAttribute("href") ?? null;
  return focus(to);
}

function focus(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) {
    return false;
  }
  element.focus();
  element.scrollIntoView({ block: "nearest" });
  return true;
}
