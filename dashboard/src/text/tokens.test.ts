import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { curlText } from "./curl.ts";
import { lineOf, tokensIn } from "./tokens.ts";

describe("lines that a person writes or copies", () => {
  test("tokensIn() reads names with values, quoted ones, and a word alone as the first name", () => {
    const names = ["type", "subject"];
    assert.deepEqual(tokensIn('invoice.paid subject:"customer 7"', names), {
      type: "invoice.paid",
      subject: "customer 7",
    });
  });

  test("tokensIn() leaves nothing out: what has no known name is looked for as it stands", () => {
    const names = ["type", "subject"];
    assert.deepEqual(tokensIn("tenant:acme", names), { type: "tenant:acme" });
    assert.deepEqual(tokensIn("Points Earned subject:7", names), { type: "Points Earned", subject: "7" });
  });

  test("lineOf() writes what tokensIn() reads", () => {
    const tokens = { type: "Points Earned", subject: "a:b" };
    assert.deepEqual(tokensIn(lineOf(tokens), ["type", "subject"]), tokens);
  });

  test("curlText() lets no quote of a value end its own", () => {
    const body = { type: "it's; rm -rf" };
    const text = curlText("http://127.0.0.1:8080", { method: "POST", path: "/v1/tenants/a/events", body });
    assert.ok(text.includes(`-d '{"type":"it'\\''s; rm -rf"}'`), text);
    assert.ok(text.includes('-H "authorization: Bearer $POSTHORN_KEY"'));
  });
});
