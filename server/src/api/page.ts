import { Type } from "typebox";

/**
 * Query parameters of every list. A page may be short, or empty, while there is a next one: filters look at
 * so much and no more.
 */
export const pageParameters = {
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: "The next_cursor of the page before." })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: "Default: 50." })),
};

export const PAGE_LIMIT = 50;

/** Cuts a page out of rows read with a limit one higher, so that the last page is known to be it. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  cursorAfter: (last: Row) => string,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? cursorAfter(last) : null };
}
