import type { Tally, Vendor } from "./protocol.ts";

export interface TableRow {
  readonly vendor: Vendor;
  readonly sent: number;
  readonly isOrdered: boolean;
  readonly tally: Tally;
}

/** Whether nothing was lost, repeated, unverified or, where order is promised, out of order. */
export function isFlawless({ sent, isOrdered, tally }: TableRow): boolean {
  const isWhole = tally.received + tally.refused === sent && tally.verified === tally.requests;
  return isWhole && tally.duplicates === 0 && (!isOrdered || tally.inversions === 0);
}

/** What a row says, for programs. */
export function asJson({ vendor, sent, isOrdered, tally }: TableRow): string {
  const { requests, verified, received, refused, duplicates, inversions } = tally;
  const lost = lostOf({ sent, tally });
  const counts = { sent, requests, verified, received, refused, lost, duplicates, inversions };
  return JSON.stringify({ contract: vendor, is_ordered: isOrdered, ...counts });
}

function lostOf({ sent, tally }: Pick<TableRow, "sent" | "tally">): number {
  return sent - tally.received - tally.refused;
}

/** The closing table of the demo, one line a company. */
export function closingTable(rows: readonly TableRow[]): string {
  const head = [
    "contract",
    "sent",
    "requests",
    "verified",
    "received",
    "refused",
    "lost",
    "duplicates",
    "order",
  ];
  const lines = rows.map(({ vendor, sent, isOrdered, tally }) => [
    vendor,
    sent,
    tally.requests,
    tally.verified,
    tally.received,
    tally.refused,
    lostOf({ sent, tally }),
    tally.duplicates,
    isOrdered ? (tally.inversions === 0 ? "kept" : `${tally.inversions} inversions`) : "not promised",
  ]);
  const table = [head, ...lines].map((cells) => cells.map(String));
  const widths = head.map((_, column) => Math.max(...table.map((cells) => (cells[column] ?? "").length)));
  return table
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
