/** Ids that are none, in every place of every path: a route that is added is tested, too. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ADMIN_KEY } from "./app-setup.test.ts";
import { isOfFace, pathOf, send, twoTenants } from "./every-route-setup.test.ts";

const POISONS: readonly string[] = [
  "0",
  "-1",
  "1.5",
  "1e3",
  "0x10",
  "NaN",
  "null",
  "2147483648",
  "9007199254740993",
  "9".repeat(30),
  "9".repeat(1_000),
  "x".repeat(1_000),
  "123e4567-e89b-12d3-a456-426614174000",
  "123E4567-E89B-12D3-A456-426614174000",
  "__proto__",
  "constructor",
  "a.b",
  "*",
  "%2f",
  "..%2f..%2facme",
  "a%00b",
  "a%0d%0ab",
  "%20",
  "%F0%9F%98%80",
  "%E2%80%AE",
  "%27%20OR%201%3D1--",
  "%24%7Bx%7D",
  "ep_",
  "evt_0000000000000000",
  "ep_ffffffffffffffff",
  "ep_zzzzzzzzzzzzzzzz",
  "dlv_%00",
];

/** They may be any text that is one, so that what is not there may be asked for, or erased. */
const TEXTS: ReadonlySet<string> = new Set(["subject", "type"]);

/** An answer without the id that it names, where it names one at all. */
function unnamed(text: string): string {
  return text.replace(/There is no (?:such )?(\w+)(?: [\w-]+)?(?: in tenant|, or not)[^"]*/, "no $1");
}

describe("an id that is none", () => {
  test("is answered as one that never was, whichever it is and wherever it stands", async () => {
    const all = await twoTenants();
    let asked = 0;
    for (const route of all.routes) {
      const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
      for (const name of names.filter((each) => !TEXTS.has(each))) {
        const key = isOfFace(route) ? all.acme.key : ADMIN_KEY;
        const askedFor = async (id: string) => {
          all.clock.at += 1000;
          asked += 1;
          const path = pathOf(route, { ...all.acme.parameters, [name]: id });
          return await send(all, route, { path, key });
        };
        const missing = await askedFor(name === "tenant" ? "never-was" : "never_was");
        assert.equal(missing.status, 404);
        const { id, event = "", endpoint = "" } = all.acme.parameters;
        const others = [event.toUpperCase(), `${endpoint}0`, endpoint.slice(0, -1), `${id}a`, `0${id}`];
        for (const poison of [...POISONS, ...others]) {
          const { status, text } = await askedFor(poison);
          assert.deepEqual(
            [status, unnamed(text)],
            [404, unnamed(missing.text)],
            `${route.method} ${route.path} ${poison.slice(0, 40)}`,
          );
        }
      }
    }
    assert.ok(asked > 1000);
    assert.deepEqual(all.engine.commands, []);
  });

  test("is no fault of ours where any text may stand", async () => {
    const all = await twoTenants();
    for (const route of all.routes) {
      for (const name of [...TEXTS].filter((each) => route.path.includes(`:${each}`))) {
        for (const poison of POISONS) {
          const path = pathOf(route, { ...all.acme.parameters, [name]: poison });
          const { status, text } = await send(all, route, { path, key: ADMIN_KEY });
          assert.ok(status < 500, `${route.method} ${route.path} ${poison.slice(0, 40)} ${text}`);
        }
      }
    }
  });
});
