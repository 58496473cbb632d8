import assert from "node:assert/strict";
import { it } from "node:test";
import { bearerTokenOf } from "./bearer-token.ts";

it("bearerTokenOf() reads the token, however the scheme is written", () => {
  for (const header of ["Bearer a.b-c", "bearer a.b-c", "BEARER   a.b-c"]) {
    assert.equal(bearerTokenOf(header), "a.b-c", header);
  }
});

it("bearerTokenOf() takes nothing else for a token", () => {
  for (const header of [undefined, "", "Bearer", "Bearer ", "Basic a", "a", "Bearer a b", " Bearer a"]) {
    assert.equal(bearerTokenOf(header), undefined, String(header));
  }
});
