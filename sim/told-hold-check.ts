import { CIRCUIT_OPEN } from "../server/src/engine/circuit.ts";
import type { Engine } from "../server/src/engine/engine.ts";
import { HOLD_TOLD_MS_MIN } from "../server/src/engine/limits.ts";
import type { Facts } from "../server/src/facts.ts";
import { abandonedUpTo, currentVersion } from "../server/src/model/endpoint.ts";
import type { Store } from "../server/src/store.ts";
import type { Book } from "./book.ts";
import { saysSomething } from "./failing-check.ts";
import type { Ledger } from "./ledger.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface ToldHoldCheckPorts {
  readonly store: Store;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly world: World;
  readonly current: () => Pick<Engine, "laneView"> | undefined;
}

/** Checks that the operator is told of holds that last, and of their ends, once each. */
export interface ToldHoldCheck {
  /** Looks at what a flush has written. */
  flushed(facts: Facts): Promise<void>;
  /** Looks, at the end, whether the log has all that was told, once. */
  checkEnding(): void;
}

const HELD = "endpoint.held";
const RECOVERED = "endpoint.recovered";

export function createToldHoldCheck(ports: ToldHoldCheckPorts): ToldHoldCheck {
  const { store, book, ledger, watch, world } = ports;
  /** By endpoint: since when the hold has lasted that was told. */
  const told = new Map<number, number>();
  /** Of those: whoever waits for a person, whatever answers come to what was on its way. */
  const stopped = new Set<number>();
  const all: string[] = [];

  /** Whether the lane waits for a person now, which is no news where it was held before. */
  function isStopped(endpoint: number): boolean {
    const shard = world.endpoints.get(endpoint)?.tenant.shard ?? 0;
    return stopped.has(endpoint) || ports.current()?.laneView(shard, endpoint)?.needsAttention === true;
  }

  function isOperators(endpoint: number): boolean {
    return world.endpoints.get(endpoint)?.tenant === world.operator;
  }

  /** What is stored of a hold that was told, or is over, goes with what is told. */
  function noteChange({ endpoint, since }: Facts["toldHolds"][number], facts: Facts): void {
    const before = told.get(endpoint);
    const said = saidOf(facts, endpoint);
    if (since !== undefined) {
      told.set(endpoint, since);
      if (facts.raised.some((one) => one.endpoint === endpoint && needsAttention(one))) {
        stopped.add(endpoint);
      }
      all.push(`${HELD} ${endpoint} ${since}`);
      if (before !== undefined || !said.includes(`${HELD} ${since}`)) {
        watch.fail("operator_is_told", `endpoint ${endpoint} is held, told before: ${before}; now: ${said}`);
      }
      return;
    }
    told.delete(endpoint);
    stopped.delete(endpoint);
    const isRecovered = said.includes(`${RECOVERED} ${before}`);
    if (isRecovered) {
      all.push(`${RECOVERED} ${endpoint} ${before}`);
      checkCause(endpoint, facts);
    }
    if (!isRecovered && !facts.abandoned.some((abandoned) => abandoned.endpoint === endpoint)) {
      watch.fail("operator_is_told", `endpoint ${endpoint} is held no more, and nobody was told`);
    }
  }

  function checkCause(endpoint: number, { attempts, lanes }: Facts): void {
    const gotThrough = attempts.some(
      (attempt) => attempt.endpoint === endpoint && isFinal(attempt) && saysSomething(attempt),
    );
    // An accepted greeting ends the hold of a refused one.
    const isGreeted = lanes.some((row) => row.endpoint === endpoint && row.hold === undefined);
    if (!gotThrough && !isGreeted) {
      watch.fail("operator_is_told", `endpoint ${endpoint} recovered without an answer that says so`);
    }
  }

  /** A hold that lasts is told with the flush that stores it; what gets through to an endpoint ends it. */
  async function checkUntold(facts: Facts, before: ReadonlySet<number>): Promise<void> {
    const stored = new Set((await store.readToldHolds(0)).map(({ endpoint }) => endpoint));
    for (const { endpoint } of facts.lanes) {
      const hold = ledger.lanes.get(endpoint)?.hold;
      const lasts =
        hold !== undefined &&
        (hold.reason.startsWith(CIRCUIT_OPEN) || hold.until - hold.since >= HOLD_TOLD_MS_MIN);
      // What gets through begins no hold, nor does it make one longer.
      const isNew = facts.attempts.some((attempt) => attempt.endpoint === endpoint && !isFinal(attempt));
      if (lasts && isNew && !isOperators(endpoint) && (await isEnabled(endpoint)) && !stored.has(endpoint)) {
        watch.fail("operator_is_told", `endpoint ${endpoint} is held for long, and nobody was told`);
      }
    }
    for (const endpoint of before.intersection(new Set(told.keys()))) {
      const attempt = facts.attempts.findLast((one) => one.endpoint === endpoint && one.batch === undefined);
      const endpointNow = await store.readEndpoint(endpoint);
      const isOwed = endpointNow && attempt && attempt.offset > abandonedUpTo(endpointNow);
      const isHeld = ledger.lanes.get(endpoint)?.hold !== undefined;
      const isNews = isOwed && isFinal(attempt) && saysSomething(attempt);
      if (isNews && !isHeld && !isStopped(endpoint)) {
        watch.fail("operator_is_told", `something got through to endpoint ${endpoint}, and nobody was told`);
      }
    }
  }

  async function isEnabled(endpoint: number): Promise<boolean> {
    const stored = await store.readEndpoint(endpoint);
    const version = stored && currentVersion(stored);
    return version?.state === "enabled" && ledger.changeAppliedAt(version.change) !== undefined;
  }

  return {
    async flushed(facts) {
      const before = new Set(told.keys());
      for (const change of facts.toldHolds) {
        noteChange(change, facts);
      }
      await checkUntold(facts, before);
    },
    checkEnding() {
      const said = book.stored
        .filter(({ tenant, type }) => tenant === world.operator.number && [HELD, RECOVERED].includes(type))
        .map(({ type, data }) => `${type} ${sinceIn(data)}`);
      const expected = all.map((text) => text.replace(/ \d+ /, " "));
      if (String(said.sort()) !== String(expected.sort())) {
        watch.fail("operator_is_told", `of holds the log says ${said}, and was told ${expected}`);
      }
    },
  };

  function saidOf({ raised }: Facts, endpoint: number): readonly string[] {
    return raised
      .filter((one) => one.endpoint === endpoint && [HELD, RECOVERED].includes(one.event.type))
      .map(({ event }) => `${event.type} ${sinceIn(event.data)}`);
  }
}

function isFinal({ verdict }: Facts["attempts"][number]): boolean {
  return verdict === "delivered" || verdict === "rejected";
}

function needsAttention({ event }: Facts["raised"][number]): boolean {
  return event.type === HELD && JSON.parse(new TextDecoder().decode(event.data)).needs_attention === true;
}

function sinceIn(data: Uint8Array): number {
  return Date.parse(JSON.parse(new TextDecoder().decode(data)).held_since);
}
