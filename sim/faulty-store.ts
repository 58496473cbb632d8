import { type Store, StoreRefusal } from "../server/src/store.ts";
import type { Faults } from "./faults.ts";
import type { Life } from "./life.ts";
import type { Dice } from "./random.ts";
import type { Trace } from "./trace.ts";

export interface FaultyStorePorts {
  readonly life: Life;
  readonly faults: Faults;
  readonly dice: Dice;
  readonly trace: Trace;
}

const SLOW_MS = 3000;
const USUAL_MS = 10;

/** Makes calls as one process makes them, by the name of what they call. */
export interface FaultyCalls {
  write<T>(name: string, run: () => Promise<T>): Promise<T>;
  read<T>(name: string, run: () => Promise<T>): Promise<T>;
}

/** Slow at times, failing before or after what is called was done, and silent once the process is gone. */
export function faultyCalls(ports: FaultyStorePorts): FaultyCalls {
  const { life, faults, dice, trace } = ports;

  async function latency(isSlow: boolean): Promise<void> {
    if (life.isOver) {
      await life.crash("already");
    } else if (isSlow) {
      await life.pass(dice.between(USUAL_MS, SLOW_MS));
    } else if (dice.chance(0.5)) {
      await life.pass(dice.below(USUAL_MS));
    }
  }

  function fail(name: string, when: string): never {
    trace.add(`${life.name} ${name} fails ${when}`);
    throw new Error(`simulated: ${name} failed ${when}`);
  }

  async function write<T>(name: string, run: () => Promise<T>): Promise<T> {
    await latency(faults.fires("write_slow"));
    if (faults.fires("crash_at_write") && dice.chance(0.2)) {
      await life.crash(`before ${name}`);
    }
    if (faults.fires("write_fails_before")) {
      fail(name, "before");
    }
    const result = await run();
    trace.add(`${life.name} ${name} ${sizeOf(result)}`);
    if (faults.fires("crash_at_write") && dice.chance(0.2)) {
      await life.crash(`after ${name}`);
    }
    await latency(faults.fires("write_slow"));
    if (faults.fires("write_fails_after")) {
      fail(name, "after");
    }
    return result;
  }

  async function read<T>(name: string, run: () => Promise<T>): Promise<T> {
    await latency(faults.fires("read_slow"));
    if (faults.fires("crash_at_read") && dice.chance(0.05)) {
      await life.crash(`at ${name}`);
    }
    if (faults.fires("read_fails")) {
      fail(name, "");
    }
    const result = await run();
    trace.add(`${life.name} ${name} ${sizeOf(result)}`);
    await latency(faults.fires("read_slow"));
    return result;
  }

  async function awake<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } finally {
      await life.awake();
    }
  }

  return {
    write: (name, run) => awake(write(name, run)),
    read: (name, run) => awake(read(name, run)),
  };
}

/** A store as one process sees it. */
export function faultyStore(store: Store, ports: FaultyStorePorts): Store {
  const { life } = ports;
  const { write, read } = faultyCalls(ports);

  return {
    ...store,
    takeLease: (lease) => write("takeLease", () => store.takeLease(lease)),
    async renewLease(lease) {
      const askedAt = life.clock.monotonic();
      const result = await write("renewLease", () => store.renewLease(lease));
      life.renewedAt = result === "renewed" ? askedAt : life.renewedAt;
      return result;
    },
    append: (lease, submissions) => write("append", () => store.append(lease, submissions)),
    async flush(lease, facts) {
      try {
        const result = await write("flush", () => store.flush(lease, facts));
        life.unstoredSince = undefined;
        return result;
      } catch (error) {
        // What is refused is told apart and passed over.
        const isFailing = !(error instanceof StoreRefusal);
        life.unstoredSince = isFailing ? (life.unstoredSince ?? life.clock.monotonic()) : undefined;
        throw error;
      }
    },
    readHead: (lease) => read("readHead", () => store.readHead(lease)),
    readLog: (query) => read("readLog", () => store.readLog(query)),
    readEvents: (lease, offsets) => read("readEvents", () => store.readEvents(lease, offsets)),
    readSettled: (query) => read("readSettled", () => store.readSettled(query)),
    readRoutes: (tenant) => read("readRoutes", () => store.readRoutes(tenant)),
    readEndpoint: (endpoint) => read("readEndpoint", () => store.readEndpoint(endpoint)),
    readChanged: (lease, change) => read("readChanged", () => store.readChanged(lease, change)),
    readLanes: (lease) => read("readLanes", () => store.readLanes(lease)),
    readRetries: (lease, after, limit) => read("readRetries", () => store.readRetries(lease, after, limit)),
    readRetry: (lease, key) => read("readRetry", () => store.readRetry(lease, key)),
    countRetries: (lease) => read("countRetries", () => store.countRetries(lease)),
    readErasures: (lease) => read("readErasures", () => store.readErasures(lease)),
    findErasable: (query) => read("findErasable", () => store.findErasable(query)),
    readRetentions: () => read("readRetentions", () => store.readRetentions()),
    findAged: (query) => read("findAged", () => store.findAged(query)),
    readNeeding: (lease, to) => read("readNeeding", () => store.readNeeding(lease, to)),
    forgetLog: (to, limit) => write("forgetLog", () => store.forgetLog(to, limit)),
    scrub: () => write("scrub", () => store.scrub()),
    readFailing: (lease) => read("readFailing", () => store.readFailing(lease)),
  };
}

function sizeOf(result: unknown): string {
  if (Array.isArray(result)) {
    return String(result.length);
  }
  return typeof result === "string" ? result : "";
}
