import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setUpApp } from "./app-setup.test.ts";
import { noSuch, noSuchTenant, noSuchType } from "./no-such.ts";

const ACME = { id: "acme" };

describe("noSuch()", () => {
  test("noSuch() names what was asked for and whose, by the id where it has the form of one", () => {
    assert.equal(noSuch("endpoint", "ep_0a", ACME).detail, "There is no endpoint ep_0a in tenant acme.");
    assert.equal(
      noSuch("event", "ep_0a", ACME).detail,
      "There is no such event in tenant acme: the id of one begins with evt_.",
    );
    assert.equal(noSuchTenant("globex").detail, "There is no tenant globex, or not for this key.");
    assert.equal(
      noSuchType("Points paid", ACME).detail,
      'There is no event type "Points paid" in tenant acme.',
    );
  });

  test("noSuch() never says again what may be a secret, moves a terminal, or has no end", () => {
    const key = `phk_${"a".repeat(49)}`;
    for (const text of [key, "\u001b[2J", "a".repeat(200), `ep_${"a".repeat(200)}`, "ep_\n"]) {
      for (const { detail } of [noSuch("endpoint", text, ACME), noSuchTenant(text)]) {
        assert.equal(detail.includes(text), false, detail);
        assert.match(detail, /^There is no such/);
      }
    }
    assert.equal(noSuchType(`${"a".repeat(200)}\n`, ACME).detail.length < 200, true);
  });

  test("what is not there is named by every route that is asked for it", async () => {
    const { call } = await setUpApp();
    const path = "/v1/tenants/acme";
    const ids = {
      endpoints: "ep_00000000000000000000000000000000",
      events: "evt_0000000000000000",
      replays: "rpl_0000000000000000",
      keys: "key_0",
    };
    for (const [name, id] of Object.entries(ids)) {
      const method = name === "keys" ? "DELETE" : "GET";
      const { status, body } = await call(method, `${path}/${name}/${id}`);
      assert.deepEqual([status, body.code], [404, "not_found"]);
      assert.equal(body.detail, `There is no ${name.slice(0, -1)} ${id} in tenant acme.`);
    }
    const filtered = await call("GET", `${path}/attempts?endpoint=${ids.endpoints}`);
    assert.equal(filtered.body.detail, `There is no endpoint ${ids.endpoints} in tenant acme.`);
  });
});
