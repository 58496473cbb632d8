import assert from "node:assert/strict";
import { test } from "node:test";
import { readFurther } from "./read-further.ts";

/** Pages that have nothing until the one of this place, of ten. */
function pagesUntil(full: number) {
  const asked: (string | undefined)[] = [];
  const readPage = async (cursor: string | undefined) => {
    asked.push(cursor);
    const place = Number(cursor ?? 0);
    return { data: place < full ? [] : [place], next_cursor: place === 9 ? null : String(place + 1) };
  };
  return { asked, readPage };
}

test("readFurther() reads on while a page has nothing, and no further", async () => {
  const { asked, readPage } = pagesUntil(2);

  assert.deepEqual((await readFurther(readPage, undefined)).data, [2]);
  assert.deepEqual(asked, [undefined, "1", "2"]);
});

test("readFurther() gives up after a few pages, and says where the next one begins", async () => {
  const { asked, readPage } = pagesUntil(9);

  assert.deepEqual(await readFurther(readPage, "1"), { data: [], next_cursor: "5" });
  assert.deepEqual(asked, ["1", "2", "3", "4"]);
});

test("readFurther() ends where there are no more pages", async () => {
  const { asked, readPage } = pagesUntil(10);

  assert.deepEqual(await readFurther(readPage, "8"), { data: [], next_cursor: null });
  assert.deepEqual(asked, ["8", "9"]);
});
