import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { describe, test } from "node:test";
import {
  type Contract,
  type ContractRequest,
  defineContract,
  type Settings,
} from "@posthorn/contracts/contract";
import { standard } from "@posthorn/contracts/standard/send";
import { checkedContract } from "../checked-contract.ts";
import { contractEvent } from "../engine/attempt.ts";
import { type Attempt, LIVE } from "../model/delivery.ts";
import {
  type Answer,
  assertProblem,
  makeEndpoint,
  makeKey,
  type Setup,
  START,
  setUpApp,
} from "./app-setup.test.ts";

const SECRETS = {
  standard: `whsec_${Buffer.from("canary-secret-canary-secret-cana").toString("base64")}`,
  bspk: "canary-secret-canary",
  spektr: "canary-secret-canary",
  bubblehouse: Buffer.from("canary-secret-canary-secret-cana").toString("base64"),
  cloudevents: "canary-secret-canary",
  "cloudevents-batch": "canary-secret-canary",
} as const;

const URLS: Readonly<Record<string, string>> = { bubblehouse: "https://example.com/canary/:name" };
const SETTINGS: Readonly<Record<string, Settings>> = {
  spektr: { hmac: true },
  cloudevents: { authorization: true },
  "cloudevents-batch": { authorization: true },
};
const TYPES: Readonly<Record<string, string>> = {
  bspk: "client.updated",
  spektr: "process_run_end",
  bubblehouse: "Points Earned",
};

const PLAIN = {
  durationMs: 5,
  connectedMs: 1,
  headersMs: 2,
  verdict: "delivered",
  reason: undefined,
  status: 200,
  detail: undefined,
  answer: undefined,
  batch: undefined,
} as const;

interface Sent {
  readonly contract: string;
  readonly secret?: string | undefined;
  readonly events?: number;
  readonly cursor?: number;
  readonly number?: number;
  readonly endpoint?: object;
}

/** Sends events to an endpoint as the engine does, and stores what it would: the secrets are real ones. */
async function send(setup: Setup, sent: Sent) {
  const { ids, contracts } = setup.ports;
  const { contract: name, events: count = 1, cursor = LIVE, number = 1 } = sent;
  const secret = sent.secret ?? SECRETS[name as keyof typeof SECRETS];
  const settings = SETTINGS[name] ?? {};
  const endpoint = await makeEndpoint(setup, "acme", {
    url: URLS[name] ?? "https://example.com/hooks",
    contract: name,
    secret,
    settings,
    ...sent.endpoint,
  });
  const posted = await setup.call("POST", "/v1/tenants/acme/events", {
    body: Array.from({ length: count }, (_, id) => ({
      type: TYPES[name] ?? "a",
      subject: "s",
      data: { id, customer: { shopid: "1" } },
    })),
  });
  const events: string[] = posted.body.data.map(({ id }: { id: string }) => id);
  const tenant = await setup.store.findTenant("acme");
  const contract = contracts.get(name);
  assert.ok(tenant && contract);
  const offsets = events.map((id) => ids.eventPlaceOf(id)?.offset ?? 0);
  const stored = await Promise.all(
    offsets.map(async (offset) => {
      const event = await setup.store.readEvent(tenant.number, offset);
      assert.ok(event);
      return contractEvent(event, { tenant }, ids);
    }),
  );
  const key = { endpoint: ids.endpointNumberOf(endpoint.id) ?? 0, cursor };
  const last = offsets.at(-1) ?? 0;
  const id = ids.attempt({ shard: tenant.shard, offset: last, number, ...key });
  const made = contract.request(
    { id: endpoint.id, tenantId: "acme", url: endpoint.url, secrets: [secret], settings },
    stored,
    { id, number, at: setup.clock.at },
  );
  assert.ok(made.kind === "request");
  const request: ContractRequest = made;
  const payloadHash = hash("sha256", request.payload, "buffer").subarray(0, 16);
  const common = { ...PLAIN, ...key, number, startedAt: setup.clock.at };
  const attempts: Attempt[] = offsets.map((offset) =>
    offset === last
      ? { ...common, offset, payloadHash }
      : { ...common, offset, payloadHash: undefined, batch: last },
  );
  await setup.flush({ attempts });
  setup.clock.at += 1000;
  return {
    endpoint: String(endpoint.id),
    events,
    id,
    ids: offsets.map((offset) => ids.attempt({ shard: tenant.shard, offset, number, ...key })),
    request,
    read: async (of: string = id): Promise<Answer> =>
      await setup.call("GET", `/v1/tenants/acme/attempts/${of}/request`),
  };
}

function headerOf({ body }: Answer, name: string): unknown {
  return body.request.headers.find((header: { name: string }) => header.name.toLowerCase() === name)?.value;
}

describe("the request of an attempt", () => {
  for (const contract of Object.keys(SECRETS)) {
    test(`one of the contract ${contract} is the one that was sent, without its secret`, async () => {
      const setup = await setUpApp();
      const sent = await send(setup, { contract });

      const answer = await sent.read();

      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual([answer.body.matches, answer.body.reason], [true, null]);
      const { request } = answer.body;
      assert.equal(request.payload, Buffer.from(sent.request.payload).toString("base64"));
      assert.equal(request.url, sent.request.url);
      const names = request.headers.map(({ name }: { name: string }) => name);
      assert.deepEqual(names, ["user-agent", ...Object.keys(sent.request.headers)]);
      const redacted = names.filter((name: string) => headerOf(answer, name.toLowerCase()) === null);
      assert.ok(redacted.length > 0);
      for (const name of redacted) {
        assert.equal(answer.text.includes(sent.request.headers[name] ?? ""), false, name);
      }
      assert.equal(headerOf(answer, "user-agent"), "Posthorn/0.0.0");
      for (const { name, value } of request.headers.slice(1)) {
        assert.ok(value === null || value === sent.request.headers[name], name);
      }
      assert.equal(/canary-secret/.test(answer.text + setup.logged.join("\n")), false);
    });
  }

  test("own headers, user, password and values of a query are not shown", async () => {
    const setup = await setUpApp();
    const sent = await send(setup, {
      contract: "standard",
      endpoint: {
        url: "https://canary-user:canary-word@example.com/hooks?code=canary-code&b=canary-b",
        headers: { "x-api-key": "canary-key", "X-Request-Id": "canary-id", "content-language": "canary-l" },
      },
    });

    const answer = await sent.read();

    assert.equal(answer.body.matches, true);
    assert.equal(answer.body.request.url, "https://not-shown@example.com/hooks?code=not-shown&b=not-shown");
    assert.deepEqual(
      ["x-api-key", "x-request-id", "content-language", "webhook-signature"].map((name) =>
        headerOf(answer, name),
      ),
      [null, null, null, null],
    );
    assert.equal(headerOf(answer, "webhook-timestamp"), String(Math.floor(START / 1000)));
    assert.equal(answer.text.includes("canary"), false);
  });

  test("a batch stands at its last member, and each of the others leads to it", async () => {
    const setup = await setUpApp();
    await send(setup, { contract: "spektr", events: 2 });
    const sent = await send(setup, { contract: "spektr", events: 3, number: 2 });

    for (const id of sent.ids) {
      const { body } = await sent.read(id);
      assert.deepEqual([body.attempt_id, body.matches, body.event_ids], [sent.id, true, sent.events]);
    }
  });

  test("an earlier batch of the same endpoint is none of a later one", async () => {
    const setup = await setUpApp();
    const sent = await send(setup, { contract: "spektr", events: 4 });
    const [first = 0, second = 0] = sent.events.map((id) => setup.ports.ids.eventPlaceOf(id)?.offset ?? 0);
    const endpoint = setup.ports.ids.endpointNumberOf(sent.endpoint) ?? 0;
    const key = { ...PLAIN, endpoint, cursor: 7, number: 1, startedAt: START };
    // Of another cursor: a replay of one, whose batch is its own.
    await setup.flush({
      attempts: [
        { ...key, offset: second, payloadHash: new Uint8Array(16) },
        { ...key, offset: first, payloadHash: undefined, batch: second },
      ],
    });
    const place = { shard: setup.ports.ids.eventPlaceOf(sent.events[0] ?? "")?.shard ?? 0, endpoint };
    const replayed = setup.ports.ids.attempt({ ...place, cursor: 7, number: 1, offset: second });

    assert.deepEqual((await sent.read()).body.event_ids, sent.events);
    assert.deepEqual((await sent.read(replayed)).body.event_ids, sent.events.slice(0, 2));
  });

  test("an attempt of a replay has an id, a number and a request of its own", async () => {
    const setup = await setUpApp();
    const sent = await send(setup, { contract: "bubblehouse", cursor: 9, number: 3 });

    const answer = await sent.read();

    assert.match(sent.id, /_9_3$/);
    assert.equal(answer.body.matches, true);
    assert.equal(headerOf(answer, "x-request-id"), new Headers(sent.request.headers).get("x-request-id"));
    assert.match(String(headerOf(answer, "x-request-id")), /^[0-9a-f-]{36}$/);
    assertProblem(await sent.read(sent.id.replace(/_9_3$/, "_9_2")), "not_found");
    assertProblem(await sent.read(sent.id.replace(/_9_3$/, "_0_3")), "not_found");
  });

  test("settings that were changed since make another payload, and it says so", async () => {
    const setup = await setUpApp();
    const sent = await send(setup, { contract: "spektr" });
    const path = `/v1/tenants/acme/endpoints/${sent.endpoint}`;
    const settings = { hmac: true, workspace_id: "another" };
    assert.equal((await setup.call("PATCH", path, { body: { settings } })).status, 200);

    const { body } = await sent.read();

    assert.deepEqual([body.matches, body.reason], [false, "endpoint_changed"]);
    assert.match(Buffer.from(body.request.payload, "base64").toString(), /"workspaceId":"another"/);
  });

  test("what was erased is not shown, nor compared", async () => {
    const setup = await setUpApp();
    const sent = await send(setup, { contract: "spektr", events: 2 });
    await setup.call("DELETE", `/v1/tenants/acme/events/${sent.events[0]}`);

    const { body } = await sent.read();

    assert.deepEqual([body.matches, body.reason, body.request], [null, "event_erased", null]);
  });

  test("an endpoint that was deleted since is still what it was sent to", async () => {
    const setup = await setUpApp();
    const sent = await send(setup, { contract: "standard" });
    await setup.call("DELETE", `/v1/tenants/acme/endpoints/${sent.endpoint}`);

    const { body } = await sent.read();

    assert.deepEqual([body.contract, body.request.url], ["standard", "https://example.com/hooks"]);
  });

  test("what was never made is not made now", async () => {
    const setup = await setUpApp();
    const sent = await send(setup, { contract: "standard" });
    const place = setup.ports.ids.eventPlaceOf(sent.events[0] ?? "");
    const endpoint = setup.ports.ids.endpointNumberOf(sent.endpoint) ?? 0;
    assert.ok(place);
    const { offset, shard } = place;
    const refused = {
      ...PLAIN,
      verdict: "rejected",
      reason: "subject_missing",
      payloadHash: undefined,
    } as const;
    const key = { endpoint, offset, cursor: LIVE, number: 2 };
    await setup.flush({ attempts: [{ ...refused, ...key, startedAt: START }] });

    const { body } = await sent.read(setup.ports.ids.attempt({ shard, ...key }));

    assert.deepEqual([body.matches, body.reason, body.request], [null, "not_sent", null]);
  });

  test("the attempt itself is shown as in the list", async () => {
    const setup = await setUpApp();
    const { ids } = await send(setup, { contract: "spektr", events: 2 });
    const { data } = (await setup.call("GET", "/v1/tenants/acme/attempts")).body;
    for (const id of ids) {
      const { body } = await setup.call("GET", `/v1/tenants/acme/attempts/${id}`);
      assert.deepEqual(
        body,
        data.find((attempt: { id: string }) => attempt.id === id),
      );
    }
    assertProblem(await setup.call("GET", "/v1/tenants/acme/attempts/att_x"), "not_found");
  });

  test("another tenant's attempt is not found, and a key without events:read sees none", async () => {
    const setup = await setUpApp();
    const { id } = await send(setup, { contract: "standard" });
    const theirs = await makeKey(setup, "globex");
    const writer = await makeKey(setup, "acme", ["events:write", "endpoints:read"]);
    for (const path of [`/v1/tenants/acme/attempts/${id}`, `/v1/tenants/acme/attempts/${id}/request`]) {
      assertProblem(await setup.call("GET", path, { key: theirs }), "not_found");
      assertProblem(await setup.call("GET", path.replace("acme", "globex"), { key: theirs }), "not_found");
      assertProblem(await setup.call("GET", path.replace("acme", "globex")), "not_found");
      assertProblem(await setup.call("GET", path, { key: writer }), "forbidden");
    }
  });
});

describe("the request of a user's own contract", () => {
  const own = (name: string, request: Contract["request"]) =>
    checkedContract(
      defineContract({ ...standard, name, reservedHeaders: [], request, checkEndpoint: () => [] }),
    );

  async function setUpOwn(request: Contract["request"]) {
    const contracts = new Map([["own", own("own", request)]]);
    return await setUpApp({ contracts, defaultContract: "own" });
  }

  test("a payload that a secret has part in shows none, and is not said to be another", async () => {
    const setup = await setUpOwn(({ url, secrets }, [event]) => ({
      kind: "request",
      url: `${url}?signature=${secrets.join()}`,
      headers: { "x-own": secrets.join(), "x-token": "canary-of-the-contract" },
      payload: Buffer.from(`${secrets.join()} ${event?.type}`),
    }));
    const sent = await send(setup, { contract: "own", secret: SECRETS.standard });

    const answer = await sent.read();

    assert.deepEqual([answer.body.matches, answer.body.reason], [null, "payload_made_with_secret"]);
    const shown = answer.text + Buffer.from(answer.body.request.payload, "base64").toString();
    assert.equal(shown.includes(SECRETS.standard), false);
    assert.equal(shown.includes("canary"), false);
  });

  test("a contract that throws by now is a reason, and no fault of the request", async () => {
    let isBroken = false;
    const setup = await setUpOwn(({ url }) => {
      if (isBroken) {
        throw new Error("canary");
      }
      return { kind: "request", url, headers: {}, payload: Buffer.from("1") };
    });
    const sent = await send(setup, { contract: "own", secret: SECRETS.standard });
    isBroken = true;

    const answer = await sent.read();

    assert.deepEqual(
      [answer.status, answer.body.reason, answer.body.request],
      [200, "contract_failed", null],
    );
  });

  test("another rendering of the same endpoint is said to be one", async () => {
    let payload = "1";
    const setup = await setUpOwn(({ url }) => ({
      kind: "request",
      url,
      headers: {},
      payload: Buffer.from(payload),
    }));
    const sent = await send(setup, { contract: "own", secret: SECRETS.standard });
    payload = "2";

    const { body } = await sent.read();

    assert.deepEqual([body.matches, body.reason], [false, "rendering_changed"]);
  });
});
