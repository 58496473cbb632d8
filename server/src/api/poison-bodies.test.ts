/**
 * Bodies that are none, for every route that takes one: a route that is added is tested without a line of its
 * own.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ADMIN_KEY } from "./app-setup.test.ts";
import { isOfFace, pathOf, twoTenants } from "./every-route-setup.test.ts";
import { WRONG_MEMBERS_MAX } from "./schema-problem.ts";

const MEMBERS = Array.from({ length: 15_000 }, (_, index) => `"member${index}":${index}`).join(",");
const POISONS: readonly (readonly [string, string | Buffer])[] = [
  ["a list in a list", "[[]]"],
  ["a number beyond all", "1e400"],
  ["half an object", '{"name":'],
  ["a byte order mark", "\ufeff{}"],
  ["UTF-16", Buffer.from("{}", "utf16le")],
  ["UTF-16 from the other end", Buffer.from("{}", "utf16le").swap16()],
  ["broken UTF-8", Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
  ["compressed bytes", gzipSync("{}")],
  ["a null character", "\u0000"],
  ["15,000 unknown members", `{${MEMBERS}}`],
  ["100,000 levels", "[".repeat(100_000)],
  ["100,000 levels that end", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
  ["100,000 levels of objects", '{"a":'.repeat(40_000)],
  ["a member of 200,000 characters", `{"${"k".repeat(200_000)}":1}`],
  ["quotes only", '"'.repeat(200_000)],
  ["__proto__", '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{}}}'],
  ["one member twice", '{"name":"a","name":"b","url":"x","url":"y"}'],
];
// They take no body, and read none.
const isWithoutBody = (path: string) =>
  /\/(enable|disable|pause|resume|skip|recover|retry|replay|cancel)$/.test(path);

describe("a body that is none", () => {
  for (const [name, body] of POISONS) {
    test(`${name}: is refused in few words, and no event is stored`, async () => {
      const all = await twoTenants();
      const routes = all.routes.filter(
        ({ method, path }) => (method === "POST" || method === "PATCH") && !isWithoutBody(path),
      );
      assert.ok(routes.length > 8);
      const { head } = await all.store.readHead(0);
      for (const route of routes) {
        all.clock.at += 1000;
        const key = isOfFace(route) ? all.acme.key : ADMIN_KEY;
        const path = pathOf(route, all.acme.parameters);
        const { status, text } = await all.call(route.method as "POST", path, { key, body });
        // BSPK's own API passes over members that it does not know.
        const isRefused = status >= 400 || (isOfFace(route) && status === 200);
        assert.ok(isRefused && status < 500, `${route.method} ${route.path} ${status} ${text}`);
        assert.ok(text.length < 400 * WRONG_MEMBERS_MAX, `${route.method} ${route.path} ${text.length}`);
      }
      const { events } = await all.store.readLog({ lease: 0, after: head, to: 9e15, limit: 9, bytesMax: 9 });
      assert.deepEqual(events, []);
      assert.equal(Reflect.get({}, "isAdmin"), undefined);
    });
  }
});
