import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleAnswer, sampleAttempt, sampleEndpoint, sampleEvent } from "@posthorn/contracts/samples";
import { contracts } from "./posthorn.config.ts";

test("Acme reads never as never, and signs what it sends", () => {
  const [acme] = contracts;
  assert.ok(acme);
  const never = sampleAnswer(200, { body: '{"ok":false,"retry_in":"never"}' });
  assert.equal(acme.verdict(never, 0).kind, "rejected");
  const made = acme.request(sampleEndpoint({ secrets: ["s"] }), [sampleEvent()], sampleAttempt());
  assert.equal(made.kind, "request");
});
