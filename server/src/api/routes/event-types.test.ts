import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EVENT_TYPES_MAX } from "../../model/event-type.ts";
import { type Answer, makeKey, type Setup, setUpApp } from "../app-setup.test.ts";

const PATH = "/v1/tenants/acme/event-types";

const SCHEMA = {
  type: "object",
  required: ["amount"],
  properties: { amount: { type: "integer", minimum: 1 }, note: { type: "string" } },
};

function register(setup: Setup, body: object): Promise<Answer> {
  return setup.call("POST", PATH, { body });
}

function pointersOf({ body }: Answer): readonly string[] {
  return body.errors.map(({ pointer }: { pointer: string }) => pointer);
}

function namesOf({ body }: Answer): readonly string[] {
  return body.data.map(({ name }: { name: string }) => name);
}

describe("POST …/event-types", () => {
  test("registers what GET shows, with what it did not say as the default", async () => {
    const setup = await setUpApp();
    const body = {
      name: "invoice.paid",
      description: "An invoice was paid.",
      schema: SCHEMA,
      example: { amount: 5 },
      validation: "warn",
    };

    const made = await register(setup, body);
    const shown = await setup.call("GET", `${PATH}/invoice.paid`);

    assert.equal(made.status, 201);
    assert.deepEqual(made.body, {
      ...body,
      contract: null,
      registered: true,
      schema_version: 1,
      deprecated: false,
      successor: null,
      created_at: "2026-01-02T03:04:05.006Z",
      updated_at: "2026-01-02T03:04:05.006Z",
    });
    assert.deepEqual(shown.body, made.body);
    const { body: bare } = await register(setup, { name: "bare" });
    const { schema, schema_version, example, validation, description } = bare;
    assert.deepEqual(
      { schema, schema_version, example, validation, description },
      {
        schema: null,
        schema_version: null,
        example: null,
        validation: "off",
        description: null,
      },
    );
  });

  test("a schema of one's own rejects where nothing else is said", async () => {
    const setup = await setUpApp();
    assert.equal((await register(setup, { name: "a", schema: SCHEMA })).body.validation, "reject");
  });

  test("adds to a type of the contract's catalogue", async () => {
    const setup = await setUpApp({ defaultContract: "bspk" });

    const { body } = await register(setup, { name: "shopper.updated", validation: "warn" });

    const { contract, registered, description, schema, schema_version, validation } = body;
    assert.deepEqual(
      { contract, registered, description, schema_version, validation },
      {
        contract: "bspk",
        registered: true,
        description: "A shopper's attributes changed.",
        schema_version: null,
        validation: "warn",
      },
    );
    assert.deepEqual(schema.required, ["id"]);
    assert.equal((await register(setup, { name: "client.updated" })).body.successor, "shopper.updated");
    const misfit = await register(setup, { name: "shopper.created", example: { id: "1" } });
    assert.deepEqual(pointersOf(misfit), ["/example/id"]);
  });

  test("takes a name once, and again after it was taken away", async () => {
    const setup = await setUpApp();
    await register(setup, { name: "a", schema: true });

    const again = await register(setup, { name: "a", schema: false });
    assert.deepEqual([again.status, again.body.code], [409, "event_type_exists"]);
    assert.equal((await setup.call("DELETE", `${PATH}/a`)).status, 204);
    assert.equal((await setup.call("DELETE", `${PATH}/a`)).status, 404);
    assert.equal((await setup.call("GET", `${PATH}/a`)).status, 404);
    assert.equal((await setup.call("PATCH", `${PATH}/a`, { body: {} })).status, 404);
    assert.equal((await register(setup, { name: "a", schema: false })).body.schema_version, 2);
  });

  test("names every wrong member, also those inside schema and example, and stores nothing", async () => {
    const setup = await setUpApp();
    const wrong: readonly (readonly [object, readonly string[]])[] = [
      [{ name: "a,b" }, ["/name"]],
      [{ name: "" }, ["/name"]],
      [{ name: "a".repeat(129) }, ["/name"]],
      [{}, ["/name"]],
      [{ name: "a", colour: 1 }, ["/colour"]],
      [{ name: "a", validation: "always" }, ["/validation"]],
      [{ name: "a", deprecated: "yes" }, ["/deprecated"]],
      [{ name: "a", successor: "a" }, ["/successor"]],
      [{ name: "a", successor: "b", deprecated: false }, ["/successor"]],
      [
        { name: "a\u0001", successor: "\u0001", description: "\u0000" },
        ["/name", "/description", "/successor"],
      ],
      [{ name: "a", schema: "string" }, ["/schema"]],
      [
        { name: "a", schema: { type: "text", properties: { "x/y": 1 } } },
        ["/schema/type", "/schema/properties/x~1y"],
      ],
      [{ name: "a", schema: { $ref: "https://example.com/s" } }, ["/schema/$ref"]],
      [{ name: "a", schema: { pattern: "(?=a)a" } }, ["/schema/pattern"]],
      [{ name: "a", schema: { description: "x".repeat(70_000) } }, ["/schema"]],
      [
        { name: "a", schema: SCHEMA, example: { amount: 0.5, note: 1 } },
        ["/example/amount", "/example/note"],
      ],
      [{ name: "a", schema: SCHEMA, example: {} }, ["/example/amount"]],
    ];
    for (const [body, pointers] of wrong) {
      const answer = await register(setup, body);
      assert.equal(answer.status, 422, JSON.stringify(body).slice(0, 100));
      assert.deepEqual(pointersOf(answer), pointers);
    }
    assert.deepEqual(namesOf(await setup.call("GET", PATH)), []);
  });

  test("registers so many and no more", async () => {
    const setup = await setUpApp();
    const { store } = setup;
    const config = {
      description: undefined,
      schema: undefined,
      example: undefined,
      validation: undefined,
      isDeprecated: false,
      successor: undefined,
    };
    const acme = await store.findTenant("acme");
    for (let index = 0; index < EVENT_TYPES_MAX; index += 1) {
      await store.putEventType({ tenant: acme?.number ?? 0, name: `t${index}`, seen: 0, config, now: 0 });
    }
    const answer = await register(setup, { name: "one more" });
    assert.deepEqual([answer.status, answer.body.code], [409, "too_many_event_types"]);
  });
});

describe("PATCH …/event-types/{type}", () => {
  test("keeps what is absent, gives back by null, and makes another schema a new version", async () => {
    const setup = await setUpApp();
    await register(setup, {
      name: "a",
      description: "d",
      schema: SCHEMA,
      example: { amount: 1 },
      validation: "warn",
    });
    const patch = async (body: object) => (await setup.call("PATCH", `${PATH}/a`, { body })).body;

    const described = await patch({ description: "e" });
    assert.deepEqual(
      [described.description, described.validation, described.schema_version],
      ["e", "warn", 1],
    );
    const loosened = await patch({ schema: { type: "object" } });
    assert.deepEqual([loosened.schema_version, loosened.example], [2, { amount: 1 }]);
    const bare = await patch({ schema: null, example: null, validation: null, description: null });
    assert.deepEqual(
      [bare.schema, bare.schema_version, bare.example, bare.validation, bare.description],
      [null, null, null, "off", null],
    );
    assert.equal((await patch({ schema: SCHEMA })).schema_version, 4);
    assert.deepEqual((await setup.call("GET", `${PATH}/a`)).body.schema, SCHEMA);
  });

  test("refuses a schema that the example does not fit, and keeps what there was", async () => {
    const setup = await setUpApp();
    await register(setup, { name: "a", schema: SCHEMA, example: { amount: 1 } });

    const answer = await setup.call("PATCH", `${PATH}/a`, { body: { schema: { required: ["id"] } } });

    assert.equal(answer.status, 422);
    assert.deepEqual(pointersOf(answer), ["/example/id"]);
    assert.deepEqual((await setup.call("GET", `${PATH}/a`)).body.schema, SCHEMA);
  });

  test("deprecates, with a successor or without, and takes it back", async () => {
    const setup = await setUpApp();
    await register(setup, { name: "a" });
    const patch = async (body: object) => {
      const { deprecated, successor } = (await setup.call("PATCH", `${PATH}/a`, { body })).body;
      return [deprecated, successor];
    };

    assert.deepEqual(await patch({ deprecated: true }), [true, null]);
    assert.deepEqual(await patch({ successor: "b" }), [true, "b"]);
    assert.deepEqual(await patch({ description: "x" }), [true, "b"]);
    assert.deepEqual(await patch({ successor: null }), [true, null]);
    assert.deepEqual(await patch({ successor: "c" }), [true, "c"]);
    assert.deepEqual(await patch({ deprecated: false }), [false, null]);
  });

  test("adds to a type of the catalogue, which DELETE gives back", async () => {
    const setup = await setUpApp();
    await setup.call("PATCH", "/v1/tenants/acme", { body: { contract: "bubblehouse" } });
    const place = `${PATH}/${encodeURIComponent("Referral Approved (Sender)")}`;

    const changed = await setup.call("PATCH", place, { body: { validation: "reject" } });
    assert.deepEqual(
      [changed.status, changed.body.registered, changed.body.validation],
      [200, true, "reject"],
    );
    assert.equal((await setup.call("DELETE", place)).status, 204);
    const { registered, validation, contract } = (await setup.call("GET", place)).body;
    assert.deepEqual([registered, validation, contract], [false, "off", "bubblehouse"]);
    assert.equal((await setup.call("DELETE", place)).status, 404);
  });

  test("is decided anew where another change comes between", async () => {
    const setup = await setUpApp();
    await register(setup, { name: "a", description: "before" });
    const { findEventType } = setup.store;
    setup.store.findEventType = async (tenant, name) => {
      setup.store.findEventType = findEventType;
      const found = await findEventType(tenant, name);
      await setup.call("PATCH", `${PATH}/a`, { body: { validation: "warn" } });
      return found;
    };

    const { body } = await setup.call("PATCH", `${PATH}/a`, { body: { description: "after" } });

    assert.deepEqual([body.description, body.validation], ["after", "warn"]);
  });
});

describe("GET …/event-types", () => {
  test("pages through one's own types and the catalogue's, by name, each once", async () => {
    const setup = await setUpApp({ defaultContract: "bspk" });
    for (const name of ["a", "cart.updated", "shopper.updated", "é", "z"]) {
      await register(setup, { name });
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await setup.call("GET", `${PATH}?limit=3${cursor && `&cursor=${cursor}`}`);
      assert.equal(page.status, 200, page.text);
      seen.push(...namesOf(page));
      cursor = page.body.next_cursor ?? "";
    } while (cursor !== "");

    assert.equal(seen.length, 11 + 4);
    assert.deepEqual(seen, [...new Set(seen)].sort());
    const all = await setup.call("GET", `${PATH}?limit=100`);
    const registered = all.body.data.filter((each: { registered: boolean }) => each.registered);
    assert.equal(registered.length, 5);
    const versions = await setup.call(
      "GET",
      `${PATH}/a/versions?cursor=${(await setup.call("GET", `${PATH}?limit=1`)).body.next_cursor}`,
    );
    assert.equal(versions.status, 422);
  });

  test("finds names of any text by their encoded path", async () => {
    const setup = await setUpApp();
    const names = [
      "a/b",
      "Points Updated",
      "50%",
      "a?b#c",
      "é".repeat(128),
      "\u{1f4ef}".repeat(64),
      "漢".repeat(128),
      "...",
    ];
    for (const name of names) {
      assert.equal((await register(setup, { name })).status, 201, name);
      const { status, body } = await setup.call("GET", `${PATH}/${encodeURIComponent(name)}`);
      assert.deepEqual([status, body.name], [200, name]);
    }
    assert.equal((await setup.call("GET", `${PATH}/${"a".repeat(1_200)}`)).status, 404);
  });
});

describe("GET …/event-types/{type}/versions", () => {
  test("shows every schema that the name has had, newest first", async () => {
    const setup = await setUpApp();
    await register(setup, { name: "a", schema: SCHEMA });
    for (const schema of [true, { type: "object" }, null]) {
      setup.clock.at += 1_000;
      await setup.call("PATCH", `${PATH}/a`, { body: { schema } });
    }

    const first = await setup.call("GET", `${PATH}/a/versions?limit=3`);
    const second = await setup.call("GET", `${PATH}/a/versions?limit=3&cursor=${first.body.next_cursor}`);

    assert.deepEqual(first.body.data, [
      { version: 4, schema: null, created_at: "2026-01-02T03:04:08.006Z" },
      { version: 3, schema: { type: "object" }, created_at: "2026-01-02T03:04:07.006Z" },
      { version: 2, schema: true, created_at: "2026-01-02T03:04:06.006Z" },
    ]);
    assert.deepEqual(second.body, {
      data: [{ version: 1, schema: SCHEMA, created_at: "2026-01-02T03:04:05.006Z" }],
      next_cursor: null,
    });
    await setup.call("DELETE", `${PATH}/a`);
    assert.equal((await setup.call("GET", `${PATH}/a/versions`)).body.data.length, 4);
    assert.equal((await setup.call("GET", `${PATH}/never/versions`)).status, 404);
    await register(setup, { name: "bare" });
    assert.deepEqual((await setup.call("GET", `${PATH}/bare/versions`)).body.data, []);
  });
});

describe("event types", () => {
  test("are for keys that may send to change, and for keys that may see endpoints to read", async () => {
    const setup = await setUpApp();
    const reader = await makeKey(setup, "acme", ["endpoints:read"]);
    const sender = await makeKey(setup, "acme", ["events:write"]);
    const body = { name: "a" };

    assert.equal((await setup.call("POST", PATH, { body, key: reader })).status, 403);
    assert.equal((await setup.call("POST", PATH, { body, key: sender })).status, 201);
    assert.equal((await setup.call("GET", `${PATH}/a`, { key: reader })).status, 200);
    assert.equal((await setup.call("PATCH", `${PATH}/a`, { body: {}, key: reader })).status, 403);
    assert.equal((await setup.call("DELETE", `${PATH}/a`, { key: reader })).status, 403);
  });

  test("say what the tenant does with those of the catalogue", async () => {
    const setup = await setUpApp({ defaultContract: "spektr" });
    const shown = async () => (await setup.call("GET", `${PATH}/step_init`)).body.validation;

    assert.equal(await shown(), "off");
    const changed = await setup.call("PATCH", "/v1/tenants/acme", { body: { validation: "warn" } });
    assert.equal(changed.body.validation, "warn");
    assert.equal(await shown(), "warn");
    const refused = await setup.call("PATCH", "/v1/tenants/acme", { body: { validation: "maybe" } });
    assert.deepEqual(pointersOf(refused), ["/validation"]);
    const made = await setup.call("POST", "/v1/tenants", {
      body: { id: "x", name: "X", validation: "reject" },
    });
    assert.equal(made.body.validation, "reject");
    assert.equal((await setup.call("GET", "/v1/tenants/x")).body.validation, "reject");
  });
});
