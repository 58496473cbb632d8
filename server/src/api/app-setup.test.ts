/**
 * What the tests of the API share: the application over a store in memory, an engine that only stores, and
 * a clock.
 */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { cloudEvents, cloudEventsBatch } from "@posthorn/contracts/cloudevents/send";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";
import type { FastifyInstance, InjectOptions } from "fastify";
import type { Clock } from "../clock.ts";
import type {
  CommandResult,
  Engine,
  LaneView,
  LiveDelivery,
  Skipping,
  SkipResult,
  Standing,
} from "../engine/engine.ts";
import { emptyFacts, type Facts } from "../facts.ts";
import { createLiveHub } from "../live-hub.ts";
import type { Log, LogFields } from "../log.ts";
import { createIds } from "../model/ids.ts";
import { createOperationalEvents } from "../operational-events.ts";
import { findOperator } from "../operator.ts";
import { systemRandom } from "../random.ts";
import { createSeal } from "../seal.ts";
import { shardOf } from "../shard.ts";
import type { Store, TakenLease } from "../store.ts";
import { createMemoryStore, type MemoryStore } from "../stores/memory.ts";
import { createApp } from "./app.ts";
import { checkDescribed, ROUTE_HEADER } from "./description/described-fixture.ts";
import type { ApiPorts } from "./ports.ts";
import { createTenantEndpoints } from "./tenant-endpoints.ts";

export const ADMIN_KEY = "an admin key of thirty-two bytes";

/** 2026-01-02T03:04:05.006Z */
export const START = 1_767_323_045_006;

export interface TestClock extends Clock {
  at: number;
}

/** The answer to a request, its body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  readonly text: string;
  /** Parsed; a test looks into it, and fails where it is not what it says. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface Sent {
  readonly key?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An engine that stores what it accepts, delivers nothing, and answers commands as it is told. */
export interface TestEngine extends Engine {
  readonly noted: number[];
  readonly commands: (readonly [string, LiveDelivery])[];
  answer: CommandResult;
  /** What was asked to be skipped, and what is answered to it. */
  readonly skips: Skipping[];
  skipAnswer: SkipResult;
  lanes: Map<number, LaneView>;
  isResumed: boolean;
  /** Whether another node delivers. */
  isElsewhere: boolean;
  /** Thrown by the next accept. */
  failure: Error | undefined;
}

export interface Setup {
  readonly app: FastifyInstance;
  readonly ports: ApiPorts;
  readonly store: MemoryStore;
  readonly engine: TestEngine;
  readonly clock: TestClock;
  readonly lease: TakenLease;
  /** Messages with their fields. */
  readonly logged: string[];
  /** Sends a request, with the admin key where no other is given. */
  call(
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS",
    path: string,
    sent?: Sent,
  ): Promise<Answer>;
  /** Writes facts as the engine does. */
  flush(facts: Partial<Facts>): Promise<void>;
}

/** An application with the tenants `acme` and `globex`. */
export async function setUpApp(change: Partial<ApiPorts> = {}): Promise<Setup> {
  const clock = createTestClock();
  const store = createMemoryStore({ clock, random: systemRandom });
  const lease = await store.takeLease(0);
  const engine = createTestEngine(store);
  const logged: string[] = [];
  const ids = createIds(store.idKey);
  for (const id of ["acme", "globex"]) {
    const draft = { id, name: id, contract: undefined, shard: shardOf(id), createdAt: clock.now() };
    assert.ok(await store.createTenant(draft));
  }
  const operator = await findOperator(store, clock);
  const ports: ApiPorts = {
    engine,
    registry: store,
    reader: store,
    endpoints: createTenantEndpoints({ store, clock }),
    ids,
    operational: createOperationalEvents({ operator, ids }),
    contracts: new Map(
      [standard, bspk, spektr, bubblehouse, cloudEvents, cloudEventsBatch].map((contract) => [
        contract.name,
        contract,
      ]),
    ),
    defaultContract: "standard",
    clock,
    random: systemRandom,
    seal: createSeal({ key: new Uint8Array(32), random: systemRandom }),
    urlProblem: (url) => (/^https?:\/\/[^/]/.test(url) ? undefined : "A URL starts with https://."),
    adminKeyHash: hash("sha256", ADMIN_KEY, "buffer"),
    keyRatePerSecond: 0,
    keepMs: undefined,
    restoration: { backedUpAt: undefined, end: async () => {} },
    live: createLiveHub({ clock, random: systemRandom }),
    streamMsMax: 0,
    log: createTestLog(logged),
    version: "0.0.0",
    ...change,
  };
  const app = createApp(ports);
  app.addHook("onSend", async (request, reply) => {
    reply.header(ROUTE_HEADER, request.routeOptions.url);
  });
  const call = callerOf(app);
  return {
    app,
    ports,
    store,
    engine,
    clock,
    lease,
    logged,
    call,
    async flush(facts) {
      const { head, changes } = await store.readHead(0);
      const flushed = await store.flush(lease, { ...emptyFacts(head, changes), ...facts });
      assert.equal(flushed, "flushed");
    },
  };
}

/** Makes a key of a tenant and returns it. */
export async function makeKey(setup: Setup, tenant: string, scopes?: readonly string[]): Promise<string> {
  return await makeKeyWith(setup, tenant, scopes === undefined ? {} : { scopes });
}

/** Makes a key of a tenant that is as a body says, and returns it. */
export async function makeKeyWith(setup: Setup, tenant: string, body: object): Promise<string> {
  const made = await setup.call("POST", `/v1/tenants/${tenant}/keys`, { body: { name: "test", ...body } });
  assert.equal(made.status, 201, made.text);
  return made.body.key;
}

/** Creates an endpoint and returns the answer's body. */
export async function makeEndpoint(setup: Setup, tenant: string, body: object = {}): Promise<Answer["body"]> {
  const made = await setup.call("POST", `/v1/tenants/${tenant}/endpoints`, {
    body: { url: "https://example.com/hooks", ...body },
  });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

/** Posts one event and returns the answer's body. */
export async function postEvent(setup: Setup, tenant: string, event: object = {}): Promise<Answer["body"]> {
  const posted = await setup.call("POST", `/v1/tenants/${tenant}/events`, {
    body: { type: "client.updated", data: { id: 1 }, ...event },
  });
  assert.equal(posted.status, 202, posted.text);
  return posted.body;
}

/** Checks that an answer is a Problem of this code, with these pointers where any are given. */
export function assertProblem(answer: Answer, code: string, pointers?: readonly string[]): void {
  assert.equal(answer.body?.code, code, answer.text);
  assert.match(String(answer.headers["content-type"]), /^application\/problem\+json/);
  assert.equal(answer.body.status, answer.status);
  for (const member of ["type", "title", "detail"]) {
    assert.equal(typeof answer.body[member], "string");
  }
  if (pointers !== undefined) {
    const got = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    assert.deepEqual(got, pointers, answer.text);
  }
}

function callerOf(app: FastifyInstance): Setup["call"] {
  return async (method, path, { key = ADMIN_KEY, body: sent, headers = {} } = {}) => {
    const isRaw = typeof sent === "string" || Buffer.isBuffer(sent);
    const options: InjectOptions = {
      method,
      url: path,
      headers: {
        ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
        ...(sent === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(sent === undefined ? {} : { payload: isRaw ? sent : JSON.stringify(sent) }),
    };
    const { statusCode, headers: answered, body: text } = await app.inject(options);
    const isJson = /json/.test(String(answered["content-type"]));
    const body = isJson ? JSON.parse(text) : undefined;
    const answer = { status: statusCode, headers: answered, text, body };
    checkDescribed(method, answer);
    return answer;
  };
}

function createTestClock(): TestClock {
  return {
    at: START,
    now() {
      return this.at;
    },
    monotonic() {
      return this.at - START;
    },
    // No request here waits for so long: nothing rings but what is due at once.
    after(delayMs, ring) {
      if (delayMs === 0) {
        setImmediate(ring);
      }
      return { cancel: () => undefined };
    },
  };
}

function createTestLog(lines: string[]): Log {
  const write = (message: string, fields: LogFields = {}) => {
    const faults = Object.values(fields).map((field) =>
      typeof field === "object" ? String(field.fault) : "",
    );
    lines.push([message, JSON.stringify(fields), ...faults].join(" "));
  };
  return { debug: write, info: write, warn: write, error: write };
}

const STANDING: Standing = {
  inFlight: 0,
  endpointsWaiting: 2,
  deliveriesWaiting: 7,
  lanesHeld: 0,
  lanesStopped: 0,
  oldestDueAt: undefined,
};

function createTestEngine(store: Store): TestEngine {
  const command = (name: string) =>
    async function (this: void, _shard: number, delivery: LiveDelivery) {
      engine.commands.push([name, delivery]);
      return engine.answer;
    };
  const engine: TestEngine = {
    noted: [],
    isResumed: false,
    isElsewhere: false,
    commands: [],
    answer: "done",
    skips: [],
    skipAnswer: { kind: "nothing" },
    lanes: new Map(),
    failure: undefined,
    async start() {},
    async stop() {},
    async accept(_shard, submission) {
      if (engine.failure !== undefined) {
        throw engine.failure;
      }
      const { results } = await store.append(0, [submission]);
      const [result] = results;
      assert.ok(result);
      return result;
    },
    noteChanges: (shard) => void engine.noted.push(shard),
    retry: command("retry"),
    cancel: command("cancel"),
    replay: command("replay"),
    async skip(_shard, skipping) {
      engine.skips.push(skipping);
      return engine.skipAnswer;
    },
    async replayRanges(shard) {
      engine.noted.push(shard);
    },
    async erase(_shard, number) {
      const lease = { id: 0, epoch: 1 };
      const { head, changes } = await store.readHead(0);
      for (const erasure of await store.readErasures(0)) {
        const { number: its, tenant } = erasure;
        assert.equal(tenant, number);
        const query = { ...erasure, lease: 0, limit: 1000, bytesMax: 1_000_000 };
        const { offsets } = await store.findErasable(query);
        const erasing = [{ erasure: its, tenant, offsets, next: undefined }];
        assert.equal(await store.flush(lease, { ...emptyFacts(head, changes), erasing }), "flushed");
      }
    },
    owns: () => !engine.isElsewhere,
    laneView: (_shard, endpoint) => engine.lanes.get(endpoint),
    resume: () => {
      engine.isResumed = true;
    },
    standing: async (_shard, tenant) => ({ ...STANDING, inFlight: tenant, oldestDueAt: START - 3000 }),
    stoppedEndpoints: () =>
      [...engine.lanes].flatMap(([number, lane]) => (lane.needsAttention ? [number] : [])),
    ownsAll: () => !engine.isElsewhere,
    underWay: () => ({ inFlight: 0, unwritten: 0 }),
    stats: () => ({ accepted: 0, attempts: 0, delivered: 0, unwritten: 0, ...STANDING }),
  };
  return engine;
}

test("setUpApp() gives an application that answers for itself and its store", async () => {
  const { call } = await setUpApp();
  assert.deepEqual((await call("GET", "/healthz", { key: "" })).body, { status: "ok", version: "0.0.0" });
  assert.deepEqual((await call("GET", "/readyz", { key: "" })).body, { status: "ready" });
});
