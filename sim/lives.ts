import { createHash } from "node:crypto";
import { ContractFault } from "../server/src/checked-contract.ts";
import { createEngine } from "../server/src/engine/create-engine.ts";
import type { Engine } from "../server/src/engine/engine.ts";
import type { Fault } from "../server/src/engine/fault.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import { createIds } from "../server/src/model/ids.ts";
import { createOperationalEvents } from "../server/src/operational-events.ts";
import { type Store, StoreRefusal } from "../server/src/store.ts";
import type { Book } from "./book.ts";
import type { SimClock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import { faultySender } from "./faulty-sender.ts";
import { faultyStore } from "./faulty-store.ts";
import { installContracts } from "./installed-contracts.ts";
import type { Ledger } from "./ledger.ts";
import { createLife, type Life } from "./life.ts";
import type { Plan } from "./plan.ts";
import type { Dice } from "./random.ts";
import type { Receivers } from "./receivers.ts";
import { isSimulatedFailure, refusingStore } from "./refusing-store.ts";
import { createRequestWatch, type RequestWatchPorts } from "./request-watch.ts";
import { watchRetention } from "./retention-watch.ts";
import type { Rotations } from "./rotations.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";
import { openedText, type World } from "./world.ts";

/** The processes of a run: one engine after another on one store, now and then two at once. */
export interface Lives {
  /** Starts an engine, and another one whenever it could not start or crashed. */
  start(): void;
  /** Ends the engine in charge; the next one comes in a while. */
  crash(): Promise<void>;
  /** Lets a second engine take the lease while the first goes on. */
  takeOver(): void;
  /** Stops the engine in charge in good order; then the next one starts. */
  restart(graceMs: number): Promise<void>;
  /** Stops every engine that runs, fenced ones too. */
  stop(graceMs: number): void;
  /** Asks the engine in charge; undefined if there is none, or if it ended before it answered. */
  ask<T>(question: (engine: Engine) => T | Promise<T>): Promise<T | undefined>;
  readonly current: Engine | undefined;
  /** Whether a lane of the engine in charge has stopped for good. */
  readonly isImpaired: boolean;
  /** How many engines were started. */
  readonly count: number;
}

export interface LivesPorts {
  readonly plan: Plan;
  readonly clock: SimClock;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly faults: Faults;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly world: World;
  readonly receivers: Receivers;
  readonly store: Store;
  /** Past every fault. */
  readonly readEndpoint: Store["readEndpoint"];
  readonly idKey: Uint8Array;
  readonly rotations: Rotations;
  /** Of the commander: what it asked for explains requests that would be wrong otherwise. */
  /** Of the people who want things gone: what they asked for lets lanes go on before their time. */
  readonly erasures: { hasAsked(tenant: number): boolean; wasAsked(event: StoredEvent): boolean };
  readonly replays: RequestWatchPorts["replays"];
  readonly commander: {
    wasReplayed(endpoint: number, serial: number): boolean;
    wasCancelled(endpoint: number, serial: number): boolean;
    wasHurried(endpoint: number): boolean;
  };
}

interface Running {
  readonly life: Life;
  readonly engine: Engine;
}

const RESTART_MS = 3000;
// A person takes longer; nothing else depends on it.
const PAUSED_MS = 5000;
const LATE_MS = 60_000;
const READING_MS = 40;
const SLOW_READING_MS = 15_000;

export function createLives(ports: LivesPorts): Lives {
  const { clock, dice, trace, faults, watch } = ports;
  const all: Running[] = [];
  let running: Running | undefined;
  let count = 0;

  function startLater(): void {
    clock.after(dice.between(1, RESTART_MS), start);
  }

  function start(): void {
    count += 1;
    const life: Life = createLife(`#${count}`, {
      clock,
      faults,
      trace,
      onCrash: () => {
        if (running?.life === life) {
          running = undefined;
          startLater();
        }
      },
    });
    // One that lost its lease to another stays as it is; a supervisor starts the next.
    const onFenced = (): void => {
      if (running?.life === life) {
        running = undefined;
        startLater();
      }
    };
    const engine = engineOf(life, ports, onFenced);
    running = { life, engine };
    all.push(running);
    life.isPaused = faults.fires("starts_paused");
    engine.start(life.isPaused ? "paused" : "sending").then(
      () => {
        trace.add(`${life.name} recovered`);
        life.clock.after(PAUSED_MS, () => {
          life.isPaused = false;
          engine.resume();
        });
      },
      (error: unknown) => {
        trace.add(`${life.name} could not start: ${String(error)}`);
        life.end();
        if (running?.life === life) {
          running = undefined;
          startLater();
        }
      },
    );
  }

  async function stop({ life, engine }: Running, graceMs: number): Promise<void> {
    trace.add(`${life.name} stops`);
    const late = clock.after(graceMs + LATE_MS, () => {
      if (faults.isHealed) {
        watch.fail("stop_ends", `${life.name} has not stopped a minute after its grace`);
      }
    });
    await Promise.race([engine.stop(graceMs), life.ended]);
    late.cancel();
    life.end();
  }

  return {
    start,
    async crash() {
      const life = running?.life;
      void life?.crash("where it stands");
    },
    takeOver() {
      if (faults.spendLife()) {
        trace.add("takeover");
        start();
      }
    },
    async restart(graceMs) {
      const stopping = running;
      if (stopping !== undefined) {
        await stop(stopping, graceMs);
        if (running === stopping) {
          start();
        }
      }
    },
    stop(graceMs) {
      for (const one of all.filter(({ life }) => !life.isOver)) {
        void stop(one, graceMs);
      }
    },
    async ask(question) {
      const asked = running;
      if (asked === undefined) {
        return undefined;
      }
      return await Promise.race([question(asked.engine), asked.life.ended.then(() => undefined)]);
    },
    get current() {
      return running?.engine;
    },
    get isImpaired() {
      return running?.life.isImpaired ?? false;
    },
    get count() {
      return count;
    },
  };
}

function engineOf(life: Life, ports: LivesPorts, onFenced: () => void): Engine {
  const { plan, clock, dice, trace, watch, faults, book, ledger, world, receivers } = ports;
  const { contracts, isMisjudged } = installContracts(faults, dice.fork());
  const watchRequest = createRequestWatch({
    life,
    book,
    ledger,
    watch,
    limits: plan.limits,
    elapsed: clock.monotonic,
    wasReplayed: ports.commander.wasReplayed,
    wasCancelled: ports.commander.wasCancelled,
    wasHurried: (endpoint) =>
      ports.commander.wasHurried(endpoint) ||
      ports.erasures.hasAsked(world.endpoints.get(endpoint)?.tenant.number ?? 0),
    isToBeErased: (offset) =>
      book.stored.some((event) => event.offset === offset && ports.erasures.wasAsked(event)),
    replays: ports.replays,
    rotations: ports.rotations,
    isMisjudged,
    isTimeSteady: !faults.isArmed("clock_jumps"),
    readingMsMax: faults.isArmed("read_slow") || faults.isArmed("read_fails") ? SLOW_READING_MS : READING_MS,
  });
  const sender = faultySender({
    life,
    faults,
    dice: dice.fork(),
    trace,
    world,
    receivers,
    epoch: () => ledger.epoch,
    readEndpoint: ports.readEndpoint,
    onTheWire: (ms) => new Promise((resolve) => void clock.after(ms, resolve)),
    watchRequest,
  });
  const common = { life, faults, trace, watch };
  const refusing = refusingStore(ports.store, { ...common, dice: dice.fork() });
  const faulty = faultyStore(refusing, { ...common, dice: dice.fork() });
  const ids = createIds(ports.idKey);
  return createEngine({
    store: watchRetention(fencedStore(faulty, life, ports), { clock, watch, keepMs: plan.keepMs }),
    sender,
    clock: life.clock,
    fraction: dice.fork().fraction,
    contracts,
    ids,
    operational: createOperationalEvents({ operator: world.operator, ids }),
    unseal: openedText,
    digest: (bytes) => createHash("sha256").update(bytes).digest().subarray(0, 16),
    limits: plan.limits,
    keepMs: plan.keepMs,
    onFault(fault) {
      noteFault(fault, life, ports);
      if (fault.what === "fenced" || fault.what === "lease_stopped") {
        life.fencedAt ??= clock.monotonic();
        onFenced();
      }
    },
  });
}

/** Notes which epoch a process has, and sees that an old one writes nothing (invariant 7). */
function fencedStore(store: Store, life: Life, { clock, ledger, watch }: LivesPorts): Store {
  return {
    ...store,
    async takeLease(lease) {
      const taken = await store.takeLease(lease);
      life.epoch = taken.epoch;
      return taken;
    },
    async flush(lease, facts) {
      const isStale = lease.epoch < ledger.epoch;
      const result = await store.flush(lease, facts);
      life.fencedAt ??= result === "fenced" ? clock.monotonic() : undefined;
      if (isStale && result === "flushed") {
        watch.fail("stale_epoch_writes_nothing", `${life.name} wrote under epoch ${lease.epoch}`);
      }
      return result;
    },
  };
}

function noteFault({ what, endpoint, error }: Fault, life: Life, ports: LivesPorts): void {
  const { trace, watch, faults } = ports;
  const text = error instanceof Error ? error.message : "";
  trace.add(`${life.name} ${what} ${endpoint ?? ""} ${text}`);
  const isRefused = error instanceof StoreRefusal && isSimulatedFailure(error);
  life.isImpaired ||= isRefused;
  const isSimulated = (error instanceof ContractFault && !faults.isHealed) || isRefused;
  if ((what === "lane_stopped" || what === "lease_stopped") && !isSimulated) {
    watch.fail("engine_does_not_throw", `lane ${endpoint}: ${error instanceof Error ? error.stack : ""}`);
  }
}
