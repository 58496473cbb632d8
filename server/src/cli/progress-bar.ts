/** Shows on a terminal how far something is that takes longer than a second. */
export interface ProgressBar {
  show(what: string, done: number, of: number): void;
  /** Takes it away. */
  clear(): void;
}

/** Where it is drawn. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const AFTER_MS = 1000;
const EVERY_MS = 100;
const CELLS = 30;
const CLEAR_LINE = "\r\u001b[K";

/** Makes a bar; where there is no terminal it draws nothing. */
export function createProgressBar(terminal: Terminal, now = () => performance.now()): ProgressBar {
  let drawnAt = now() + AFTER_MS - EVERY_MS;
  let isDrawn = false;
  return {
    show(what, done, of) {
      if (terminal.isTTY !== true || now() < drawnAt + EVERY_MS) {
        return;
      }
      drawnAt = now();
      isDrawn = true;
      // What is counted may grow meanwhile.
      const part = of === 0 ? 1 : Math.min(1, done / of);
      const filled = Math.floor(part * CELLS);
      const bar = "#".repeat(filled) + "-".repeat(CELLS - filled);
      const percent = `${Math.floor(part * 100)}%`.padStart(4);
      terminal.write(`${CLEAR_LINE}[${bar}]${percent}  ${done} of ${of} ${what}`);
    },
    clear() {
      if (isDrawn) {
        terminal.write(CLEAR_LINE);
      }
    },
  };
}
