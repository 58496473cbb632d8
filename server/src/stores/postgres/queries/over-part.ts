/**
 * A statement that goes over a stretch of the log, and the same one for some offsets in it. Each is planned
 * by itself: a plan for both, once it is kept, would read all of the stretch for a few offsets.
 */
export interface OverPart {
  readonly stretch: string;
  readonly some: string;
}

export type LogTable = "event" | "attempt" | "retry" | "dead_letter";

export interface PartParameters {
  readonly table: LogTable;
  /** Of the offset before the stretch, and of its last. */
  readonly range: readonly [after: string, to: string];
  /** Of the offsets in it. */
  readonly offsets: string;
}

/**
 * Makes both of a statement that puts what it gets after its FROM: rows of the table, under its name. Offsets
 * that are named are looked up whatever else is known of them: with their range beside them, a plan may go
 * through the range.
 */
export function overPart(
  { table, range: [after, to], offsets }: PartParameters,
  statement: (rows: string) => string,
): OverPart {
  return {
    stretch: statement(`(
    SELECT *
    FROM ${table}
    WHERE shard = $1
      AND "offset" > ${after}
      AND "offset" <= ${to}
      AND ${offsets}::bigint[] IS NULL
  ) AS ${table}`),
    some: statement(rowsAt(table, offsets, `${after}::bigint < ${to}::bigint`)),
  };
}

/**
 * Rows of a table at some offsets, under its name, as something to put after a FROM. Each offset is looked
 * up by itself: OFFSET 0 keeps the planner from going through all of the table in its order instead, which it
 * takes for cheaper where it knows nothing of the table yet.
 */
export function rowsAt(table: LogTable, offsets: string, condition: string): string {
  return `(
    SELECT ${table}.*
    FROM unnest(${offsets}::bigint[]) AS asked ("offset"), LATERAL (
      SELECT *
      FROM ${table}
      WHERE shard = $1
        AND ${table}."offset" = asked."offset"
        AND ${condition}
      OFFSET 0
    ) AS ${table}
  ) AS ${table}`;
}

/**
 * Offsets of an array that a subquery makes, as `asked`, for a statement that changes rows at them, where
 * `rowsAt` is of no use. The planner does not see how many there are and takes them for few, so that it looks
 * each up; for many it goes through all of a table of which it knows nothing yet.
 */
export function fewOffsets(array: string): string {
  return `unnest((${array})) AS asked ("offset")`;
}

/** Returns the one of both that is for these offsets; undefined: for all of the stretch. */
export function overOffsets({ stretch, some }: OverPart, offsets: Uint8Array | undefined): string {
  return offsets === undefined ? stretch : some;
}
