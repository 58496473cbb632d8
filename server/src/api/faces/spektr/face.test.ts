import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { receiveSpektr } from "@posthorn/contracts/spektr/receive";
import { spektr } from "@posthorn/contracts/spektr/send";
import { emptyFacts, type Facts } from "../../../facts.ts";
import { LIVE } from "../../../model/delivery.ts";
import {
  ADMIN_KEY,
  type Answer,
  makeEndpoint,
  makeKey,
  postEvent,
  type Setup,
  setUpApp,
} from "../../app-setup.test.ts";

const PATH = "/v1/events";
const EVENT = { type: "customer_tag_add", subject: "67ea79350b4c07c041a50db7", data: { action: "add" } };

async function setup() {
  const all = await setUpApp();
  const key = await makeKey(all, "acme");
  return {
    ...all,
    key,
    /** Asks as spektr's customers do. */
    list: (query = "", headers: Readonly<Record<string, string>> = { "x-api-key": key }) =>
      all.call("GET", `${PATH}${query}`, { key: "", headers }),
    post: (event: object = {}, tenant = "acme") => postEvent(all, tenant, { ...EVENT, ...event }),
    endpoint: async (body: object = {}) => {
      const { id } = await makeEndpoint(all, "acme", { contract: "spektr", ...body });
      return { id, number: all.ports.ids.endpointNumberOf(id) ?? 0 };
    },
  };
}

const subjectsIn = ({ body }: Answer) => body.results.map(({ spektrId }: { spektrId: string }) => spektrId);

const STATUSES = { data_parse_error: 400, unauthorized: 401, not_found: 405, internal_server_error: 500 };

function assertError(answer: Answer, errorCode: keyof typeof STATUSES, message = /./): void {
  assert.equal(answer.status, STATUSES[errorCode], answer.text);
  assert.match(String(answer.headers["content-type"]), /^application\/json/);
  assert.deepEqual(Object.keys(answer.body), ["message", "errorCode"]);
  assert.equal(answer.body.errorCode, errorCode);
  assert.match(answer.body.message, message);
}

describe("spektr's list of events", () => {
  test("an event is what its webhook says, byte for byte, with createdAt and delivered", async () => {
    const { list, call, ports, clock, endpoint } = await setup();
    await endpoint({ settings: { workspace_id: "559ae2249db800a7b0fa02ad58b196ae" } });
    const data = '{ "exact":12345678901234567890, "one" : 1.0 }';
    const body = `{"type":"process_run_end","subject":"s1","data":${data}}`;
    const { id } = (await call("POST", "/v1/tenants/acme/events", { body })).body;

    const answer = await list();

    const place = ports.ids.eventPlaceOf(id);
    assert.ok(place);
    const request = spektr.request(
      {
        id: "ep_1",
        tenantId: "acme",
        url: "https://receiver.example",
        secrets: [],
        settings: { workspace_id: "559ae2249db800a7b0fa02ad58b196ae" },
      },
      [
        {
          ...place,
          id,
          tenantId: "acme",
          type: "process_run_end",
          subject: "s1",
          occurredAt: clock.at,
          data: Buffer.from(data),
        },
      ],
      { id: "att_1", number: 1, at: clock.at },
    );
    assert.ok(request.kind === "request");
    const said = Buffer.from(request.payload).toString().slice('{"results":['.length, -"}]}".length);
    assert.ok(answer.text.includes(`[${said},"createdAt":${clock.at},"delivered":false}]`), answer.text);
  });

  test("it is read by the half that receives spektr's webhooks", async () => {
    const { list, post } = await setup();
    await post();
    await post({ type: "step_init", subject: "s2", data: { token: "t" } });
    const payload = Buffer.from((await list()).text);
    const half = receiveSpektr({ secrets: ["unused, as nothing is verified"] });
    const parsed = half.parse({ method: "GET", url: PATH, headers: {}, payload });
    assert.ok(parsed.kind === "events");
    assert.deepEqual(
      parsed.events.map(({ type, spektrId, workspaceId }) => [type, spektrId, workspaceId]),
      [
        ["step_init", "s2", "acme"],
        ["customer_tag_add", EVENT.subject, "acme"],
      ],
    );
  });

  test("what spektr cannot say is left out: other types, no subject, and what was erased", async () => {
    const { list, post, call } = await setup();
    await post({ type: "client.updated" });
    await post({ subject: null });
    await post({}, "globex");
    const erased = await post({ subject: "gone" });
    await call("DELETE", `/v1/tenants/acme/events/${erased.id}`);
    await post({ subject: "kept" });
    const { body } = await list();
    assert.equal(body.totalResults, body.results.length);
    assert.equal(JSON.stringify(body).includes("gone"), false);
    assert.deepEqual(
      body.results.map(({ spektrId }: { spektrId: string }) => spektrId),
      ["kept"],
    );
  });

  test("the newest come first, ten on a page, or as it is asked", async () => {
    const { list, post, clock } = await setup();
    for (let count = 1; count <= 12; count += 1) {
      clock.at += 1000;
      await post({ subject: `s${count}` });
    }
    const first = await list();
    assert.deepEqual(subjectsIn(first), ["s12", "s11", "s10", "s9", "s8", "s7", "s6", "s5", "s4", "s3"]);
    const { results: _, ...paging } = first.body;
    assert.deepEqual(paging, {
      totalResults: 12,
      limit: 10,
      page: 1,
      totalPages: 2,
      pagingCounter: 1,
      hasPrevPage: false,
      hasNextPage: true,
      prevPage: null,
      nextPage: 2,
    });
    assert.deepEqual(subjectsIn(await list("?page=2")), ["s2", "s1"]);
    const middle = await list("?page=2&limit=5&sortBy=createdAt&sortOrder=asc");
    assert.deepEqual(subjectsIn(middle), ["s6", "s7", "s8", "s9", "s10"]);
    const { hasPrevPage, hasNextPage, prevPage, nextPage, pagingCounter } = middle.body;
    assert.deepEqual([hasPrevPage, hasNextPage, prevPage, nextPage, pagingCounter], [true, true, 1, 3, 6]);
    const beyond = await list("?page=9");
    assert.deepEqual([beyond.body.results, beyond.body.hasNextPage, beyond.body.prevPage], [[], false, 8]);
  });

  test("nothing at all is a page with nothing on it", async () => {
    const { list } = await setup();
    assert.equal(
      (await list()).text,
      '{"results":[],"totalResults":0,"limit":10,"page":1,"totalPages":1,"pagingCounter":1,' +
        '"hasPrevPage":false,"hasNextPage":false,"prevPage":null,"nextPage":null}',
    );
  });

  test("createdAfter is left out and createdBefore is not, in milliseconds or seconds", async () => {
    const { list, post, clock } = await setup();
    const times: number[] = [];
    clock.at = Math.ceil(clock.at / 1000) * 1000;
    for (const subject of ["s1", "s2", "s3"]) {
      times.push(clock.at);
      await post({ subject });
      clock.at += 1000;
    }
    const [first = 0, second = 0, third = 0] = times;
    for (const unit of [1, 1000]) {
      const of = (ms: number) => ms / unit;
      assert.deepEqual(subjectsIn(await list(`?createdAfter=${of(first)}`)), ["s3", "s2"]);
      assert.deepEqual(subjectsIn(await list(`?createdBefore=${of(second)}`)), ["s2", "s1"]);
      const both = `?createdAfter=${of(first)}&createdBefore=${of(second)}`;
      assert.deepEqual(subjectsIn(await list(both)), ["s2"]);
      assert.deepEqual(subjectsIn(await list(`?createdAfter=${of(third)}`)), []);
    }
  });
});

describe("delivered of spektr's list", () => {
  const OF_ATTEMPT = { durationMs: 1, connectedMs: undefined, headersMs: undefined, reason: undefined };

  function attempt(
    all: Setup,
    { endpoint, id }: { endpoint: number; id: string },
  ): Facts["attempts"][number] {
    return {
      ...OF_ATTEMPT,
      endpoint,
      offset: all.ports.ids.eventPlaceOf(id)?.offset ?? 0,
      cursor: LIVE,
      number: 1,
      startedAt: all.clock.at,
      verdict: "delivered",
      status: 200,
      answer: undefined,
      detail: undefined,
      payloadHash: undefined,
      batch: undefined,
    };
  }

  const both = async ({ list }: Awaited<ReturnType<typeof setup>>) => [
    subjectsIn(await list("?delivered=true")),
    subjectsIn(await list("?delivered=false")),
  ];

  test("an event that is dead, waits, or was owed to nobody is not delivered", async () => {
    const all = await setup();
    await all.post({ subject: "nobody's" });
    const { number } = await all.endpoint();
    const [taken, dead, retried] = [
      await all.post({ subject: "taken" }),
      await all.post({ subject: "dead" }),
      await all.post({ subject: "retried" }),
    ];
    await all.post({ subject: "pending" });
    const of = (event: { id: string }) => attempt(all, { endpoint: number, id: event.id });
    const { offset } = of(dead);
    await all.flush({
      ...emptyFacts(0, 0),
      attempts: [of(taken), { ...of(dead), verdict: "retry" }, { ...of(retried), verdict: "retry" }],
      deadLetters: [{ endpoint: number, cursor: LIVE, offset, reason: "status_500", at: 0 }],
    });
    assert.deepEqual(await both(all), [["taken"], ["pending", "retried", "dead", "nobody's"]]);
    const { body } = await all.list();
    assert.deepEqual(
      body.results.map(({ delivered }: { delivered: boolean }) => delivered),
      [false, false, false, true, false],
    );
    assert.deepEqual((await all.list("?delivered=false&limit=1")).body.totalPages, 4);
  });

  test("every endpoint that is there must have taken it; other contracts' do not count", async () => {
    const all = await setup();
    const one = await all.endpoint();
    const other = await all.endpoint();
    const standard = await makeEndpoint(all, "acme", { contract: "standard" });
    const standards = all.ports.ids.endpointNumberOf(standard.id) ?? 0;
    await all.post({ subject: "untaken" });
    const { id } = await all.post({ subject: "s" });
    const attempts = [
      attempt(all, { endpoint: one.number, id }),
      { ...attempt(all, { endpoint: standards, id }), verdict: "retry" as const },
    ];
    await all.flush({ attempts });
    assert.deepEqual(await both(all), [[], ["s", "untaken"]]);
    await all.call("DELETE", `/v1/tenants/acme/endpoints/${other.id}`);
    assert.deepEqual(await both(all), [["s"], ["untaken"]]);
    await all.call("DELETE", `/v1/tenants/acme/endpoints/${one.id}`);
    assert.deepEqual(await both(all), [["s"], ["untaken"]], "what was delivered stays so, and what was not");
  });
});

describe("a page beyond what is looked at", () => {
  const MANY = 2005;

  async function withMany() {
    const all = await setup();
    const tenant = await all.store.findTenant("acme");
    const event = {
      type: EVENT.type,
      data: Buffer.from("{}"),
      expiresAt: undefined,
      to: undefined,
      extensions: undefined,
    };
    const events = Array.from({ length: MANY }, (_, index) => ({
      event: { ...event, subject: `s${index}`, occurredAt: all.clock.at },
      key: undefined,
    }));
    const submission = { tenant: tenant?.number ?? 0, key: undefined, keysExpireAt: 0 };
    for (const one of events) {
      all.clock.at += 1;
      await all.store.append(0, [{ ...submission, events: [one] }]);
    }
    return all;
  }

  for (const [order, first, last] of [
    ["desc", MANY - 1, 0],
    ["asc", 0, MANY - 1],
  ] as const) {
    test(`is refused with the words by which to go on, and nothing is missed: ${order}`, async () => {
      const all = await withMany();
      const query = `?limit=50&sortOrder=${order}`;
      const page = await all.list(`${query}&page=40`);
      assert.equal(subjectsIn(await all.list(query))[0], `s${first}`);
      assert.deepEqual([page.body.totalResults, page.body.hasNextPage, page.body.nextPage], [2000, true, 41]);
      const beyond = await all.list(`${query}&page=41`);
      assertError(beyond, "data_parse_error", /^page is beyond the 2000 events .* go on with created/);
      const more = /created\w+=\d+$/.exec(beyond.body.message)?.[0];
      const rest = await all.list(`${query}&${more}`);
      assert.equal(subjectsIn(rest).at(-1), `s${last}`);
      assert.deepEqual([rest.body.totalResults >= 5, rest.body.hasNextPage], [true, false]);
    });
  }

  test("is said to be there although nothing was found before it", async () => {
    const all = await withMany();
    const { body } = await all.list("?delivered=true");
    assert.deepEqual([body.results, body.hasNextPage, body.nextPage], [[], true, 2]);
    assertError(await all.list("?delivered=true&page=2"), "data_parse_error", /createdBefore=\d+$/);
  });
});

describe("spektr's errors", () => {
  test("wrong parameters are named, all of them", async () => {
    const { list } = await setup();
    const cases: readonly (readonly [string, RegExp])[] = [
      ["page=0", /^page must be a whole number from 1/],
      ["page=x", /^page must be/],
      ["limit=51", /^limit must be a whole number from 1 to 50, got "51"$/],
      ["limit=-1", /^limit/],
      ["delivered=yes", /^delivered must be true or false, got "yes"$/],
      ["delivered=", /^delivered/],
      ["createdAfter=2026-01-01", /^createdAfter must be milliseconds or seconds/],
      ["createdBefore=1e9", /^createdBefore/],
      ["createdBefore=9999999999999999", /^createdBefore/],
      ["sortBy=id", /^sortBy must be createdAt/],
      ["sortOrder=up", /^sortOrder must be asc or desc/],
      ["page=1&page=2", /^page must be .*, got several$/],
      ["deliverd=false", /^deliverd is not known here$/],
      ["limit=0&page=0", /^page .*; limit /],
      ["__proto__=1", /^__proto__ is not known here$/],
    ];
    for (const [query, message] of cases) {
      assertError(await list(`?${query}`), "data_parse_error", message);
    }
  });

  test("only a tenant's key that may read events is let in, and only as x-api-key", async () => {
    const all = await setup();
    const writer = await makeKey(all, "acme", ["events:write"]);
    for (const key of ["", "x", ADMIN_KEY, writer, `${all.key}x`]) {
      assertError(await all.list("", key === "" ? {} : { "x-api-key": key }), "unauthorized");
    }
    assertError(await all.list("", { authorization: `Bearer ${all.key}` }), "unauthorized");
    const reader = await makeKey(all, "acme", ["events:read"]);
    assert.equal((await all.list("", { "x-api-key": reader })).status, 200);
  });

  test("what the path does not know is said in spektr's form, with what it knows", async () => {
    const all = await setup();
    for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const) {
      const answer = await all.call(method, PATH, { key: "", headers: { "x-api-key": all.key } });
      assertError(answer, "not_found", /GET, HEAD/);
      assert.equal(answer.headers["allow"], "GET, HEAD");
    }
  });

  test("a fault of ours is 500 in spektr's form, and logged", async () => {
    const { reader } = (await setUpApp()).ports;
    const listEvents = () => Promise.reject(new Error("canary"));
    const broken = await setUpApp({ reader: { ...reader, listEvents } });
    const answer = await broken.call("GET", PATH, {
      key: "",
      headers: { "x-api-key": await makeKey(broken, "acme") },
    });
    assertError(answer, "internal_server_error");
    assert.equal(answer.text.includes("canary"), false);
    assert.ok(broken.logged.some((line) => line.includes("canary")));
  });

  test("no key, token or form's address reaches a log line (invariant 12)", async () => {
    const all = await setup();
    const data = { token: "canary-token", loopUrl: "https://actions.example/form?token=canary-url" };
    await all.post({ type: "loop_run_start", data });
    const { text } = await all.list("?limit=1");
    assert.ok(text.includes("canary-token") && text.includes("canary-url"));
    await all.list("?limit=canary-token");
    const lines = all.logged.join("\n");
    assert.ok(lines.includes(PATH));
    assert.equal(/canary/.test(lines) || lines.includes(all.key), false);
  });
});
