import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Connections } from "./connections.ts";
import { createLookups, FOUND_MAX } from "./lookups.ts";

/** Lookups over a table that counts how often it is asked, and is not open when a test says so. */
function setUp() {
  const rows = new Map([["acme", { name: "Acme" }]]);
  const asked: string[] = [];
  const state = { isOpen: true };
  const opened = {
    write: async <Result>(operation: () => Result) => operation(),
    read: async <Result>(query: () => Result) => query(),
    assertOpen() {
      if (!state.isOpen) {
        throw new Error("the store is closed");
      }
    },
  } as unknown as Connections;
  const { connections, lookup } = createLookups(opened);
  const find = lookup((key) => {
    asked.push(key);
    return rows.get(key);
  });
  return { rows, asked, state, write: connections.write, find };
}

describe("createLookups()", () => {
  test("a lookup asks once for what is there", async () => {
    const { find, asked } = setUp();

    assert.deepEqual([await find("acme"), await find("acme")], [{ name: "Acme" }, { name: "Acme" }]);
    assert.deepEqual(asked, ["acme"]);
  });

  test("a lookup asks again after a write, also one that fails", async () => {
    const { find, rows, write } = setUp();
    await find("acme");

    await write(() => rows.set("acme", { name: "Acme Inc." }));
    assert.deepEqual(await find("acme"), { name: "Acme Inc." });
    await assert.rejects(
      write(() => {
        rows.delete("acme");
        throw new Error("no");
      }),
    );
    assert.equal(await find("acme"), undefined);
  });

  test("a lookup asks each time for what is not there", async () => {
    const { find, rows, asked } = setUp();

    assert.equal(await find("globex"), undefined);
    rows.set("globex", { name: "Globex" });
    assert.deepEqual(await find("globex"), { name: "Globex" });
    assert.deepEqual(asked, ["globex", "globex"]);
  });

  test("a lookup forgets nothing for what is not there, however much of that is asked for", async () => {
    const { find, asked } = setUp();
    await find("acme");
    for (let number = 0; number < FOUND_MAX; number += 1) {
      await find(`guess-${number}`);
    }
    asked.length = 0;
    await find("acme");

    assert.deepEqual(asked, []);
  });

  test("a lookup finds nothing in a store that is closed", async () => {
    const { find, state } = setUp();
    await find("acme");
    state.isOpen = false;

    await assert.rejects(find("acme"), /the store is closed/);
  });

  test("a lookup keeps no more than FOUND_MAX", async () => {
    const { find, rows, asked } = setUp();
    await find("acme");
    for (let number = 0; number < FOUND_MAX; number += 1) {
      rows.set(String(number), { name: "one of many" });
      await find(String(number));
    }
    asked.length = 0;
    await find("acme");

    assert.deepEqual(asked, ["acme"]);
  });
});
