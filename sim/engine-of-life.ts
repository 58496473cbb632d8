import { createHash } from "node:crypto";
import { ContractFault } from "../server/src/checked-contract.ts";
import { createEngine } from "../server/src/engine/create-engine.ts";
import type { Engine } from "../server/src/engine/engine.ts";
import type { Fault } from "../server/src/engine/fault.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import { createIds } from "../server/src/model/ids.ts";
import { createOperationalEvents } from "../server/src/operational-events.ts";
import type { Sharing } from "../server/src/sharing.ts";
import { type Store, StoreRefusal } from "../server/src/store.ts";
import type { Book } from "./book.ts";
import type { SimClock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import { faultySender } from "./faulty-sender.ts";
import { faultySharing } from "./faulty-sharing.ts";
import { faultyStore } from "./faulty-store.ts";
import { installContracts } from "./installed-contracts.ts";
import type { Ledger } from "./ledger.ts";
import type { Life } from "./life.ts";
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

export interface EngineOfLifePorts {
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
  /** Past every fault. */
  readonly readEndpoint: Store["readEndpoint"];
  readonly idKey: Uint8Array;
  readonly rotations: Rotations;
  /** Of the people who want things gone: what they asked for lets lanes go on before their time. */
  readonly erasures: { hasAsked(tenant: number): boolean; wasAsked(event: StoredEvent): boolean };
  readonly replays: RequestWatchPorts["replays"];
  readonly commander: {
    wasReplayed(endpoint: number, serial: number): boolean;
    wasCancelHeard(endpoint: number, serial: number): boolean;
    wasHurried(endpoint: number): boolean;
  };
}

/** What one process is given of what all share. */
interface Given {
  readonly store: Store;
  /** Undefined: it has the store to itself. */
  readonly sharing: Sharing | undefined;
  readonly onFenced: () => void;
}

const READING_MS = 40;
const SLOW_READING_MS = 15_000;

/** Makes the engine of one process, with all that goes wrong around it and all that looks at it. */
export function engineOfLife(
  life: Life,
  ports: EngineOfLifePorts,
  { store, sharing, onFenced }: Given,
): Engine {
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
    wasCancelHeard: ports.commander.wasCancelHeard,
    wasHurried: (endpoint) =>
      ports.commander.wasHurried(endpoint) ||
      ports.erasures.hasAsked(world.endpoints.get(endpoint)?.tenant.number ?? 0),
    isToBeErased: (offset) =>
      book.stored.some((event) => event.offset === offset && ports.erasures.wasAsked(event)),
    replays: ports.replays,
    rotations: ports.rotations,
    isMisjudged,
    isShared: sharing !== undefined,
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
  const refusing = refusingStore(store, { ...common, dice: dice.fork() });
  const faulty = faultyStore(refusing, { ...common, dice: dice.fork() });
  const ids = createIds(ports.idKey);
  return createEngine({
    store: watchRetention(fencedStore(faulty, life, ports), { clock, watch, keepMs: plan.keepMs }),
    sharing: sharing && faultySharing(sharing, { ...common, dice: dice.fork() }),
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
    retention: plan.retention,
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
function fencedStore(store: Store, life: Life, { clock, ledger, watch }: EngineOfLifePorts): Store {
  return {
    ...store,
    async takeLease(lease) {
      const taken = await store.takeLease(lease);
      life.epoch = taken.epoch;
      life.fencedAt = undefined;
      life.renewedAt = undefined;
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

function noteFault({ what, endpoint, error }: Fault, life: Life, ports: EngineOfLifePorts): void {
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
