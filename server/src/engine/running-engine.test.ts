/** A whole engine over a store in memory, on a clock that stands still: what its parts do together. */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import type { Contract, Discipline, Verdict } from "@posthorn/contracts/contract";
import { createIds } from "../model/ids.ts";
import type { Offset } from "../model/offset.ts";
import type { Retention } from "../model/retention.ts";
import type { Sender } from "../outbound/sender.ts";
import type { Random } from "../random.ts";
import type { EndpointDraft } from "../registry.ts";
import type { Store } from "../store.ts";
import { createMemoryStore, type MemoryStore } from "../stores/memory.ts";
import { createEngine } from "./create-engine.ts";
import type { CommandResult, Engine, LaneView } from "./engine.ts";
import {
  contractOf,
  createManualClock,
  endpointOf,
  type ManualClock,
  NOTHING_TOLD,
} from "./engine-fixture.ts";
import type { Fault } from "./fault.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

export interface RunningEngine {
  readonly store: MemoryStore;
  readonly clock: ManualClock;
  readonly engine: Engine;
  readonly faults: readonly Fault[];
  /** Ids of the events sent to an endpoint so far, one request after another. */
  sentTo(endpoint: number): readonly string[];
  /** With which status an endpoint answers from now on. Default: 200. */
  answer(endpoint: number, status: number): void;
  /** Creates an endpoint of a discipline and returns its number. */
  addEndpoint(discipline: Discipline, draft?: Partial<EndpointDraft>): Promise<number>;
  /** Stores events, for one endpoint or all, and returns their offsets. */
  accept(count: number, to?: number): Promise<readonly Offset[]>;
  change(endpoint: number, state: "enabled" | "disabled" | "paused"): Promise<void>;
  command(name: "retry" | "cancel" | "replay", endpoint: number, offset: Offset): Promise<CommandResult>;
  lane(endpoint: number): LaneView | undefined;
  /** Lets everything happen that needs no time to pass. */
  settle(): Promise<void>;
  /** Leaves the engine as a crash would, and starts another on the same store. */
  restart(how?: "sending" | "paused"): Promise<void>;
}

const TENANT = 1;
const RANDOM: Random = { fraction: () => 0.5, bytes: (count) => new Uint8Array(count).fill(7) };

/** `wrap` stands between the engine and its store; a node could share that with others. */
export async function startEngine({
  limits = {},
  keepMs,
  retention,
  wrap = (store) => store,
  isNode = false,
}: {
  readonly limits?: Partial<Limits>;
  readonly keepMs?: number;
  readonly retention?: Retention;
  readonly wrap?: (store: Store) => Store;
  readonly isNode?: boolean;
} = {}): Promise<RunningEngine> {
  const clock = createManualClock();
  const store = createMemoryStore({ clock, random: RANDOM });
  await store.createTenant({ id: "one", name: "One", contract: undefined, shard: 0, createdAt: 0 });
  const requests: { readonly endpoint: number; readonly ids: string }[] = [];
  const statuses = new Map<number, number>();
  const faults: Fault[] = [];
  const sender: Sender = {
    async send({ url, payload }) {
      const endpoint = Number(url.slice(url.lastIndexOf("/") + 1));
      requests.push({ endpoint, ids: new TextDecoder().decode(payload) });
      const status = statuses.get(endpoint) ?? 200;
      return {
        answer: { kind: "status", status, headers: {}, body: new Uint8Array(), bodyState: "whole" },
        phases: { endMs: 0 },
      };
    },
    async close() {},
  };
  const start = (): Engine => {
    const opened = isNode ? store.openNode("node") : { store, sharing: undefined };
    return createEngine({
      sharing: opened.sharing,
      store: wrap(opened.store),
      sender,
      clock,
      fraction: RANDOM.fraction,
      contracts: CONTRACTS,
      ids: createIds(store.idKey),
      unseal: (sealed) => new TextDecoder().decode(sealed),
      digest: (bytes) => hash("sha256", bytes, "buffer").subarray(0, 16),
      operational: NOTHING_TOLD,
      // What lingers would need time to pass.
      limits: { ...DEFAULT_LIMITS, lingeringMax: 1, ...limits },
      keepMs,
      retention,
      onFault: (fault) => faults.push(fault),
    });
  };
  let engine = start();
  await begin(engine, clock);

  return {
    store,
    clock,
    faults,
    get engine() {
      return engine;
    },
    sentTo: (endpoint) => requests.filter((request) => request.endpoint === endpoint).map(({ ids }) => ids),
    answer: (endpoint, status) => void statuses.set(endpoint, status),
    async addEndpoint(discipline, draft = {}) {
      const number =
        (await store.listEndpoints({ tenant: TENANT, before: undefined, limit: 100 })).length + 1;
      const config = { ...endpointOf().config, url: `https://receiver.test/${number}` };
      await store.createEndpoint({
        tenant: TENANT,
        contract: discipline,
        config,
        state: "enabled",
        eventTypes: undefined,
        secret: undefined,
        now: clock.now(),
        ...draft,
      });
      engine.noteChanges(0);
      await settle(clock);
      return number;
    },
    async accept(count, to) {
      const event = {
        type: "order.paid",
        subject: undefined,
        occurredAt: undefined,
        data: new TextEncoder().encode("{}"),
        expiresAt: undefined,
        extensions: undefined,
        to,
      };
      const events = Array.from({ length: count }, () => ({ event, key: undefined }));
      const result = await engine.accept(0, { tenant: TENANT, events, key: undefined, keysExpireAt: 0 });
      await settle(clock);
      return result.kind === "accepted" ? result.offsets : [];
    },
    async change(endpoint, state) {
      await store.updateEndpoint({ tenant: TENANT, endpoint, state, now: clock.now() });
      engine.noteChanges(0);
      await settle(clock);
    },
    async command(name, endpoint, offset) {
      const result = engine[name](0, { tenant: TENANT, endpoint, offset });
      await Promise.allSettled([result, settle(clock)]);
      return await result;
    },
    lane: (endpoint) => engine.laneView(0, endpoint),
    settle: () => settle(clock),
    async restart(how) {
      engine = start();
      await begin(engine, clock, how);
    },
  };
}

async function begin(
  engine: Engine,
  clock: ManualClock,
  how: "sending" | "paused" = "sending",
): Promise<void> {
  const started = engine.start(how);
  await settle(clock);
  await started;
}

const ROUNDS = 60;

/** Nothing here waits for the machine: so many turns of the event loop are enough for whatever follows. */
async function settle(clock: ManualClock): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await new Promise(setImmediate);
    clock.pass(0);
  }
}

const CONTRACTS: ReadonlyMap<string, Contract> = new Map(
  (["each", "batched", "ordered"] as const).map((discipline) => [
    discipline,
    {
      ...contractOf(discipline),
      verdict: (answer) => (answer.kind === "status" ? verdictOf(answer.status) : RETRY),
    },
  ]),
);

const RETRY: Verdict = { kind: "retry", reason: "unreachable" };

function verdictOf(status: number): Verdict {
  const reason = `status_${status}`;
  switch (status) {
    case 200:
      return { kind: "delivered" };
    case 410:
      return { kind: "disable", reason };
    case 503:
      return { kind: "hold", reason };
    default:
      return { kind: "retry", reason };
  }
}

test("startEngine() gives an engine that delivers what it accepts", async () => {
  const { accept, addEndpoint, sentTo } = await startEngine();
  const endpoint = await addEndpoint("ordered");
  await accept(3);
  assert.equal(sentTo(endpoint).length, 3);
});
