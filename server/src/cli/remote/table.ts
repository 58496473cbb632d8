/** Columns by their heading: the name of a member, whose value is shown. */
export type Columns = readonly string[];

export interface Table {
  /** Returns the lines of some rows; the first time with the headings above them. */
  lines(rows: readonly object[]): readonly string[];
}

const GAP = "  ";
/** What is longer is cut in the middle of a terminal's line, and whole in `--json`. */
const CELL_MAX = 60;

/** Lays out rows that come in pages, each as wide as its own cells and the headings ask for. */
export function createTable(columns: Columns): Table {
  let isFirst = true;
  return {
    lines(rows) {
      const cells = rows.map((row) => columns.map((name) => cellOf(Reflect.get(row, name))));
      const all = isFirst ? [columns.map((name) => name.toUpperCase()), ...cells] : cells;
      isFirst = false;
      const widths = columns.map((name, index) =>
        Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
      );
      return all.map((row) =>
        row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join(GAP)
          .trimEnd(),
      );
    },
  };
}

function cellOf(value: unknown): string {
  const text = value === null || value === undefined ? "–" : typeof value === "string" ? value : said(value);
  const shown = plain(text);
  return shown.length > CELL_MAX ? `${shown.slice(0, CELL_MAX - 1)}…` : shown;
}

/** A value may hold whatever its sender liked: nothing of it moves the cursor. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ");
}

function said(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : JSON.stringify(value);
}
