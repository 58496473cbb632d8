import assert from "node:assert/strict";
import { test } from "node:test";
import { withStandIns } from "./page.ts";

test("withStandIns() leaves alone what it has put in: an address that has the number of another port", () => {
  const known = new Map([
    ["http://127.0.0.1:8080", "http://127.0.0.1:30041"],
    ["3004", "30051"],
    ["3005", "20000"],
    ["ep_…", "ep_3004"],
  ]);

  const code = withStandIns("call http://127.0.0.1:8080 ep_… 3004 3005", known);

  assert.equal(code, "call http://127.0.0.1:30041 ep_3004 30051 20000");
});
