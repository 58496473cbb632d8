import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { settingsOf } from "../../cli/config-given.ts";
import { assertProblem, makeKey, START, setUpApp } from "../app-setup.test.ts";

const AT = new Date(START).toISOString();

describe("GET /v1/nodes and /v1/system", () => {
  test("one process shows itself, with every shard", async () => {
    const { call, lease } = await setUpApp();
    const { data } = (await call("GET", "/v1/nodes")).body;
    const { shards, database, migrations, version, disk_free_bytes } = (await call("GET", "/v1/system")).body;

    const [{ id, ...node }] = data;
    assert.deepEqual(
      [data.length, node],
      [1, { is_this: true, version: "0.0.0", joined_at: AT, alive_until: null, shards: [0] }],
    );
    assert.deepEqual(shards, [{ shard: 0, node: id, epoch: lease.epoch, held_until: null }]);
    assert.deepEqual(database, { kind: "memory", version: null, bytes: 0 });
    assert.deepEqual([migrations, version, disk_free_bytes], [{ applied: 0, known: 0 }, "0.0.0", null]);
  });

  test("several nodes show who has which shard, and whose version is not known", async () => {
    const { ports } = await setUpApp();
    const node = { isThis: false, version: undefined, joinedAt: undefined, aliveUntil: START + 1 };
    const survey = async () => ({
      database: { kind: "postgres" as const, version: "17.2", bytes: 7 },
      migrations: { applied: 9, known: 8 },
      nodes: [
        { ...node, id: "a" },
        { ...node, id: "b", isThis: true, version: "1.0.0", joinedAt: START },
      ],
      leases: [
        { lease: 0, owner: "b", epoch: 3, heldUntil: START },
        { lease: 1, owner: undefined, epoch: 2, heldUntil: undefined },
        { lease: 2, owner: "a", epoch: 1, heldUntil: START },
      ],
    });
    const disk = { freeBytes: 5, isNearlyFull: true };
    const { call } = await setUpApp({ reader: { ...ports.reader, survey }, disk });
    const { data } = (await call("GET", "/v1/nodes")).body;
    const system = (await call("GET", "/v1/system")).body;

    const until = new Date(START + 1).toISOString();
    assert.deepEqual(data, [
      { id: "a", is_this: false, version: null, joined_at: null, alive_until: until, shards: [2] },
      { id: "b", is_this: true, version: "1.0.0", joined_at: AT, alive_until: until, shards: [0] },
    ]);
    assert.deepEqual(
      system.shards.map(({ node: owner }: { node: string | null }) => owner),
      ["b", null, "a"],
    );
    assert.deepEqual([system.disk_free_bytes, system.is_accepting], [5, false]);
  });

  test("settings have their sources, and no secret", async () => {
    const settings = settingsOf({
      POSTHORN_ADMIN_KEY: "canary canary canary canary canary",
      POSTHORN_DATABASE_URL: "postgres://me:canary@db/posthorn",
      POSTHORN_PORT: "9000",
      POSTHORN_KEY: "canary",
    });
    const { call } = await setUpApp({ settings });
    const answer = await call("GET", "/v1/system");

    const shown = new Map(answer.body.settings.map((each: { name: string }) => [each.name, each]));
    assert.deepEqual(shown.get("POSTHORN_PORT"), {
      name: "POSTHORN_PORT",
      value: "9000",
      source: "environment",
    });
    assert.deepEqual(shown.get("POSTHORN_HOST"), {
      name: "POSTHORN_HOST",
      value: "127.0.0.1",
      source: "default",
    });
    assert.equal(shown.has("POSTHORN_KEY"), false);
    assert.ok(!answer.text.includes("canary"), answer.text);
  });

  test("no tenant's key sees them", async () => {
    const setup = await setUpApp();
    const key = await makeKey(setup, "acme");
    for (const path of ["/v1/nodes", "/v1/system"]) {
      assertProblem(await setup.call("GET", path, { key }), "forbidden");
      assertProblem(await setup.call("GET", path, { key: "" }), "unauthorized");
    }
  });
});
