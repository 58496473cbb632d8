/**
 * What happened in a run, in order: two runs of one seed have the same hash, or something is not
 * determined.
 */
export interface Trace {
  add(what: string): void;
  /** Adds a line that does not count: it is only there to be read. */
  note(what: string): void;
  /** The last lines. */
  tail(count: number): readonly string[];
  hash(): string;
  readonly length: number;
}

const KEPT_LINES = 4000;

export function createTrace(elapsed: () => number): Trace {
  let lines: string[] = [];
  let length = 0;
  // FNV-1a over UTF-16 units, twice with different starts: enough to tell traces apart.
  let high = 0x811c9dc5;
  let low = 0x01000193;

  function keep(line: string): void {
    lines.push(line);
    if (lines.length > 2 * KEPT_LINES) {
      lines = lines.slice(KEPT_LINES);
    }
  }

  return {
    note: (what) => keep(`${elapsed().toFixed(1)} ${what}`),
    add(what) {
      const line = `${elapsed().toFixed(1)} ${what}`;
      for (let at = 0; at < line.length; at += 1) {
        const unit = line.charCodeAt(at);
        high = Math.imul(high ^ unit, 0x01000193);
        low = Math.imul(low ^ unit, 0x01000193);
      }
      length += 1;
      keep(line);
    },
    tail: (count) => lines.slice(-count),
    hash: () => hex(high) + hex(low),
    get length() {
      return length;
    },
  };
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
