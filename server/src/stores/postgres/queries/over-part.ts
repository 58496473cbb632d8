/**
 * A statement that goes over a stretch of the log, and the same one for some offsets in it. Each is planned
 * by itself: a plan for both, once it is kept, would read all of the stretch for a few offsets.
 */
export interface OverPart {
  readonly stretch: string;
  readonly some: string;
}

export interface PartParameters {
  /** Of the offset before the stretch, and of its last. */
  readonly range: readonly [after: string, to: string];
  /** Of the offsets in it. */
  readonly offsets: string;
}

/**
 * Makes both of a statement that puts what it gets among its conditions. Offsets that are named are looked
 * up whatever else is known of them: with their range beside them, a plan may go through the range.
 */
export function overPart(
  { range: [after, to], offsets }: PartParameters,
  statement: (part: string) => string,
): OverPart {
  return {
    stretch: statement(`"offset" > ${after} AND "offset" <= ${to} AND ${offsets}::bigint[] IS NULL`),
    some: statement(`${after}::bigint < ${to}::bigint AND "offset" = ANY (${offsets}::bigint[])`),
  };
}

/** Returns the one of both that is for these offsets; undefined: for all of the stretch. */
export function overOffsets({ stretch, some }: OverPart, offsets: Uint8Array | undefined): string {
  return offsets === undefined ? stretch : some;
}
