import type { Page } from "@posthorn/client/call";

/** Each looks at some hundred events: together they take no longer than a person waits. */
const PAGES_MAX = 4;

/**
 * Reads a page, and the next ones while there is nothing on them: what filters leave of what one page looks
 * at may be nothing, although there is more.
 */
export async function readFurther<Item>(
  readPage: (cursor: string | undefined) => Promise<Page<Item>>,
  cursor: string | undefined,
): Promise<Page<Item>> {
  let page = await readPage(cursor);
  for (let pages = 1; page.data.length === 0 && page.next_cursor !== null && pages < PAGES_MAX; pages += 1) {
    page = await readPage(page.next_cursor);
  }
  return page;
}
