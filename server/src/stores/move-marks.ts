/**
 * What a move leaves in both of its databases. By it neither is served while the move is under way, and the
 * one that was left never again: what is delivered from two databases is delivered twice.
 */
import { BadColumn, bytesIn, type Row } from "./columns.ts";

/** In the database that is left, from before anything of it is copied. */
export interface LeavingMark {
  /** Chance: the other database has the same. */
  readonly id: string;
  /** Where it goes, without user and password. */
  readonly to: string;
  /** When all of it was there; undefined: the move is under way. */
  readonly movedAt: number | undefined;
}

/** In the database that is filled. */
export interface ArrivingMark {
  readonly id: string;
  /** The path of the file that it comes from. */
  readonly from: string;
  /** How far copying has come; undefined: nothing is there. */
  readonly copied: CopiedPlace | undefined;
  /** From when on it may be served. */
  readonly readyAt: number | undefined;
}

/** The last row that was copied. */
export interface CopiedPlace {
  readonly table: string;
  readonly key: readonly (number | string)[];
  /** Rows up to it, of all tables. */
  readonly rows: number;
}

/** Where `meta` has it, in both databases. */
export const MOVE = "move";

export function markBytes(mark: LeavingMark | ArrivingMark): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(mark));
}

export function leavingMarkOf(row: Row): LeavingMark {
  const { id, to, movedAt } = membersIn(row);
  return { id: textOf(id), to: textOf(to), movedAt: optionalNumberOf(movedAt) };
}

export function arrivingMarkOf(row: Row): ArrivingMark {
  const { id, from, copied, readyAt } = membersIn(row);
  return {
    id: textOf(id),
    from: textOf(from),
    copied: copied === undefined ? undefined : placeOf(recordOf(copied)),
    readyAt: optionalNumberOf(readyAt),
  };
}

function placeOf({ table, key, rows }: Row): CopiedPlace {
  if (!Array.isArray(key) || !key.every((part) => typeof part === "number" || typeof part === "string")) {
    throw new BadColumn("the mark of a move has a key of numbers and texts");
  }
  return { table: textOf(table), key, rows: optionalNumberOf(rows) ?? 0 };
}

function membersIn(row: Row): Row {
  return recordOf(JSON.parse(new TextDecoder().decode(bytesIn(row, "value"))));
}

function recordOf(value: unknown): Row {
  return { ...(typeof value === "object" ? value : {}) };
}

function textOf(value: unknown): string {
  if (typeof value !== "string") {
    throw new BadColumn(`the mark of a move has a text, got ${typeof value}`);
  }
  return value;
}

function optionalNumberOf(value: unknown): number | undefined {
  if (value !== undefined && typeof value !== "number") {
    throw new BadColumn(`the mark of a move has a number, got ${typeof value}`);
  }
  return value;
}
