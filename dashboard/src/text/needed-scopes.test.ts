import assert from "node:assert/strict";
import { test } from "node:test";
import { mayCall, type Scope } from "./needed-scopes.ts";

const may = (scopes: readonly Scope[] | null, call: string, kind: "tenant" | "admin" = "tenant") => {
  const [verb, below = ""] = call.split(" ");
  const method = verb === "PATCH" || verb === "DELETE" || verb === "GET" ? verb : "POST";
  const session = { kind, is_portal: false, tenant: "acme", scopes, expires_at: null } as const;
  return mayCall(session, { method, path: `/v1/tenants/acme${below}` });
};

test("mayCall() offers a person of a role what the server lets them do, and nothing else", () => {
  const support: readonly Scope[] = ["events:read", "deliveries:read", "deliveries:write", "endpoints:read"];
  const mending = [
    "POST /deliveries/dlv_1/retry",
    "POST /replays",
    "POST /endpoints/ep_1/skip",
    "POST /endpoints/ep_1/recover",
  ];
  const changing = ["POST /endpoints", "PATCH /endpoints/ep_1", "POST /endpoints/ep_1/disable"];
  const others = ["POST /events", "DELETE /events/evt_1", "POST /event-types"];
  for (const call of mending) {
    assert.deepEqual([may(support, call), may(["deliveries:read"], call)], [true, false], call);
  }
  for (const call of [...changing, ...others]) {
    assert.deepEqual([may(support, call), may(null, call)], [false, true], call);
  }
  const audit: readonly Scope[] = ["audit:read"];
  assert.deepEqual(
    [may(support, "GET /audit"), may(null, "GET /audit"), may(audit, "GET /audit")],
    [false, true, true],
  );
  assert.equal(may(support, "GET /endpoints"), true);
  assert.deepEqual(
    [may(support, "POST /renderings"), may(["deliveries:read"], "POST /renderings")],
    [true, false],
  );
  for (const call of ["POST /keys", "DELETE ", "PATCH "]) {
    assert.deepEqual([may(null, call), may(null, call, "admin")], [false, true], call);
  }
});
