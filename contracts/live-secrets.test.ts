import assert from "node:assert/strict";
import { it } from "node:test";
import { liveSecrets } from "./live-secrets.ts";
import { sampleEndpoint } from "./samples.ts";

it("liveSecrets() keeps them newest first", () => {
  assert.deepEqual(liveSecrets(sampleEndpoint({ secrets: ["new", "old"] })), ["new", "old"]);
});

it("liveSecrets() throws rather than let a request go unauthenticated", () => {
  assert.throws(
    () => liveSecrets(sampleEndpoint({ id: "ep_9", secrets: [] })),
    /^Error: ep_9 needs a live secret/,
  );
});
