import type { Table } from "./table.ts";

/** Prints a line of what was asked for. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints rows: as lines of a table, or each as JSON. */
export function printRows(rows: readonly object[], table: Table, isJson: boolean): void {
  const lines = isJson ? rows.map((row) => JSON.stringify(row)) : table.lines(rows);
  lines.forEach(print);
}
