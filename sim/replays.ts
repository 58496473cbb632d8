import type { Attempt, DeadLetter, Gap } from "../server/src/model/delivery.ts";
import { type StoredFacts, standingOf } from "../server/src/model/delivery-state.ts";
import type { Endpoint } from "../server/src/model/endpoint.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import type { RangeReplay, ReplayChoice, ReplayWish } from "../server/src/model/range-replay.ts";
import { isSubscribed } from "../server/src/model/subscription.ts";
import { Problem } from "../server/src/problem.ts";
import type { MemoryStore } from "../server/src/stores/memory.ts";
import type { Book } from "./book.ts";
import type { Commander } from "./commander.ts";
import type { Ledger } from "./ledger.ts";
import type { Lives } from "./lives.ts";
import { wasOwedTo } from "./owed.ts";
import type { Dice } from "./random.ts";
import { isSimulatedFailure } from "./refusing-store.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";
import { type KnownEndpoint, SUBSCRIPTIONS, type World } from "./world.ts";

/** The people who want ranges delivered again, as the API does it for them. */
export interface Replays {
  /** Asks for a replay to an endpoint, or for one to pause, to go on or to end. */
  act(endpoint: KnownEndpoint): Promise<void>;
  /** Lets everything that is paused go on. */
  resumeAll(): Promise<void>;
  isAnyOpen(): Promise<boolean>;
  /** Whether a replay to this endpoint has this event in its range. */
  covers(endpoint: number, serial: number): boolean;
  /** As `covers`, of one that has not ended so long ago. */
  mayBeSent(endpoint: number, offset: number, graceMs: number): boolean;
  wasAsked(endpoint: number): boolean;
  readonly asked: readonly AskedReplay[];
}

export interface AskedReplay {
  readonly replay: RangeReplay;
  /** Offsets of what it had to deliver when it was asked for, whatever comes. */
  readonly promised: readonly number[];
  /** Of the endpoint it goes to, as they were then. */
  readonly gaps: readonly Gap[];
}

export interface ReplaysPorts {
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly world: World;
  readonly elapsed: () => number;
  /** Past every fault. */
  readonly store: MemoryStore;
  readonly lives: () => Lives;
}

const CHOICES: readonly [ReplayChoice, ...ReplayChoice[]] = ["all", "undelivered", "missed", "dead"];
const WISHES: readonly [ReplayWish, ...ReplayWish[]] = ["pause", "run", "cancel"];

export function createReplays(ports: ReplaysPorts): Replays {
  const { dice, trace, watch, book, ledger, world, store, elapsed } = ports;
  const asked: AskedReplay[] = [];

  async function look(shard: number): Promise<void> {
    try {
      await ports.lives().ask((engine) => engine.replayRanges(shard));
    } catch (error) {
      if (!(error instanceof Problem) && !isSimulatedFailure(error)) {
        watch.fail("engine_does_not_throw", `replayRanges: ${String(error)}`);
      }
    }
  }

  async function ask(endpoint: KnownEndpoint): Promise<void> {
    const { tenant } = endpoint;
    const others = [...world.endpoints.values()].filter((other) => other.tenant === tenant);
    const source = dice.chance(0.2) ? (dice.any(others) ?? endpoint) : endpoint;
    const stored = await store.readEndpoint(source.number);
    const events = book.stored.filter((event) => event.tenant === tenant.number);
    const replay = await store.requestReplay({
      tenant: tenant.number,
      source: source.number,
      endpoint: endpoint.number,
      from: dice.chance(0.5) ? 1 : (dice.any(events)?.offset ?? 1),
      to: dice.chance(0.7) ? Number.MAX_SAFE_INTEGER : (dice.any(events)?.offset ?? 1),
      only: dice.pick(CHOICES),
      types: dice.chance(0.3) ? dice.pick(SUBSCRIPTIONS) : undefined,
      ratePerSecond: dice.pick([undefined, undefined, 1, 20]),
      createdAt: 0,
    });
    if (replay === undefined || stored === undefined) {
      return;
    }
    const promised: number[] = [];
    for (const event of events) {
      if (await isPromised(replay, { from: source, to: endpoint, stored, event })) {
        promised.push(event.offset);
      }
    }
    const offsets = events.map(({ offset }) => offset);
    const { gaps } = await store.readFacts({ tenant: tenant.number, offsets, endpoint: endpoint.number });
    asked.push({ replay, promised, gaps: [...gaps] });
    trace.add(
      `asks for replay ${replay.number % 1000} ${JSON.stringify({ ...replay, progress: undefined })}`,
    );
    await look(tenant.shard);
  }

  /** Whether a delivery is settled now as it is asked for. */
  async function isPromised(replay: RangeReplay, { from, to, stored, event }: Offered): Promise<boolean> {
    const { offset, type, tenant } = event;
    const { catalogue } = to.contract;
    const isFit = catalogue.kind === "open" || catalogue.eventTypes.some(({ name }) => name === type);
    const isMeant = offset >= replay.from && offset <= replay.to && isSubscribed(replay.types, type) && isFit;
    if (!isMeant || !wasOwedTo(stored, from.contract, event)) {
      return false;
    }
    const facts = await store.readFacts({ tenant, offsets: [offset], endpoint: from.number });
    const { state, reason } = standingOf(facts, offset);
    const isMissed = reason === "disabled" || reason === "skipped";
    const isSettled = state !== "pending" && ledger.settledAt(from.number, offset) !== undefined;
    switch (replay.only) {
      case "dead":
        return state === "dead";
      case "missed":
        return isMissed;
      case "undelivered":
        return isSettled && state !== "delivered" && reason !== "superseded";
      case "all":
        return isSettled;
    }
  }

  async function steer({ tenant }: KnownEndpoint, replay: number): Promise<void> {
    const wish = dice.pick(WISHES);
    trace.add(`asks replay ${replay % 1000} to ${wish}`);
    await store.steerReplay({ tenant: tenant.number, replay, wish });
    await look(tenant.shard);
  }

  const covering = (endpoint: number, offset: number) =>
    asked.filter(({ replay }) => {
      return replay.endpoint === endpoint && replay.from <= offset && offset <= replay.to;
    });

  return {
    asked,
    async act(endpoint) {
      const open = (await store.readReplays(LEASE)).filter((replay) => replay.endpoint === endpoint.number);
      const one = dice.chance(0.6) ? dice.any(open) : undefined;
      await (one === undefined ? ask(endpoint) : steer(endpoint, one.number));
    },
    async resumeAll() {
      for (const { tenant, number } of await store.readReplays(LEASE)) {
        await store.steerReplay({ tenant, replay: number, wish: "run" });
      }
      await look(0);
    },
    isAnyOpen: async () => (await store.readReplays(LEASE)).length > 0,
    covers: (endpoint, serial) => covering(endpoint, book.offsetOf(serial) ?? -1).length > 0,
    mayBeSent: (endpoint, offset, graceMs) =>
      covering(endpoint, offset).some(({ replay }) => {
        const endedAt = ledger.replayEndedAt(replay.number);
        return endedAt === undefined || elapsed() - endedAt <= graceMs;
      }),
    wasAsked: (endpoint) => asked.some(({ replay }) => replay.endpoint === endpoint),
  };
}

/** Counts what stands in a range that was asked for as asked for one by one. */
export function withRanges(commander: Commander, replays: Replays): Commander {
  return {
    ...commander,
    wasReplayed: (endpoint, serial) =>
      commander.wasReplayed(endpoint, serial) || replays.covers(endpoint, serial),
    wasHurried: (endpoint) => commander.wasHurried(endpoint) || replays.wasAsked(endpoint),
  };
}

interface Offered {
  readonly from: KnownEndpoint;
  readonly to: KnownEndpoint;
  readonly stored: Endpoint;
  readonly event: StoredEvent;
}

export interface ReplaysEnding {
  readonly store: MemoryStore;
  readonly book: Book;
  readonly world: World;
  readonly watch: Watch;
  readonly ledger: Ledger;
  readonly replays: Replays;
  readonly erasures: { isGone(event: StoredEvent): boolean };
  readonly isTimeSteady: boolean;
}

const LEASE = 0;

/** Checks what became of replays of ranges: each has ended, delivered what it had to, and counted it. */
export async function checkReplaysEnding(ending: ReplaysEnding): Promise<void> {
  for (const one of ending.replays.asked) {
    await checkReplay(ending, one);
  }
}

async function checkReplay(ending: ReplaysEnding, one: AskedReplay): Promise<void> {
  const { replay, promised } = one;
  const { store, book, watch, world } = ending;
  const { number, tenant, endpoint } = replay;
  const name = `replay ${number % 1000} to endpoint ${endpoint}`;
  const found = await store.findReplay(tenant, number);
  if (found === undefined && ending.ledger.replayEndedAt(number) !== undefined) {
    // It ended so long ago that it is not kept.
    return;
  }
  if (found?.ended === undefined) {
    watch.fail("replays_end", `${name} is open: ${JSON.stringify(found)}`);
    return;
  }
  const offsets = book.stored.map(({ offset }) => offset);
  const facts = await store.readFacts({ tenant, offsets, endpoint });
  const attempts = facts.attempts.filter(({ cursor }) => cursor === number);
  const dead = facts.deadLetters.filter(({ cursor }) => cursor === number);
  const delivered = attempts.filter(({ verdict }) => verdict === "delivered").length;
  const refused = attempts.filter(({ verdict }) => verdict === "rejected" || verdict === "disable");
  const given = givenUp(facts, { attempts, dead, gapsBefore: one.gaps });
  const failed = refused.length + dead.length + given.size;
  const first = attempts.filter((attempt) => attempt.number === 1).sort((a, b) => a.offset - b.offset);
  const isOrdered = world.endpoints.get(endpoint)?.contract.discipline !== "each";
  if (isOrdered && ending.isTimeSteady && !isAscending(first.map(({ startedAt }) => startedAt))) {
    watch.fail(
      "replays_in_order",
      `${name} sent ${first.map(({ offset, startedAt }) => [offset, startedAt])}`,
    );
  }
  if (found.ended.how === "cancelled") {
    await checkCancelled(ending, found, name);
    return;
  }
  if (book.hasForgotten) {
    // What it has tried is not all there to be counted.
    return;
  }
  const { progress } = found;
  const settled = progress.delivered + progress.failed + progress.passedOver;
  const isCounted = progress.delivered === delivered && progress.failed === failed;
  if (!isCounted || settled !== progress.chosen || progress.position !== found.to) {
    watch.fail("replays_count", `${name}: ${delivered} and ${failed}, ${JSON.stringify(progress)}`);
  }
  for (const offset of promised) {
    const event = book.stored.find((stored) => stored.offset === offset);
    const isSent = attempts.some((attempt) => attempt.offset === offset);
    const isGone = event === undefined || event.expiresAt !== undefined || ending.erasures.isGone(event);
    if (!isSent && !isGone && !(await wasDelivered(ending, found, offset))) {
      watch.fail("replays_deliver", `${name} finished without ${book.serialAt(offset)}`);
    }
  }
}

/**
 * Whether another has delivered meanwhile what is replayed only while it is not: what was on its way when its
 * endpoint was disabled, too.
 */
async function wasDelivered({ store }: ReplaysEnding, replay: RangeReplay, offset: number): Promise<boolean> {
  const { tenant, source, only } = replay;
  const { attempts } = await store.readFacts({ tenant, offsets: [offset], endpoint: source });
  return only !== "all" && attempts.some(({ verdict }) => verdict === "delivered");
}

interface Tried {
  readonly attempts: readonly Attempt[];
  readonly dead: readonly DeadLetter[];
  readonly gapsBefore: readonly Gap[];
}

/**
 * Offsets of what the replay had tried, and might have again, when its endpoint was disabled: not those that
 * were in a gap when it was asked for, as what it makes up for is.
 */
function givenUp({ gaps }: StoredFacts, { attempts, dead, gapsBefore }: Tried): Set<number> {
  const tried = new Set(attempts.map(({ offset }) => offset));
  const settled = attempts.filter(({ verdict }) => verdict !== "retry" && verdict !== "hold");
  const ended = new Set([...settled, ...dead].map(({ offset }) => offset));
  const isOld = (gap: Gap): boolean => gapsBefore.some(({ from, at }) => from === gap.from && at === gap.at);
  const disabled = gaps.filter((gap) => gap.reason === "disabled" && !isOld(gap));
  const isCovered = (offset: number): boolean =>
    disabled.some(({ from, to }) => from <= offset && offset <= to);
  return new Set([...tried.difference(ended)].filter(isCovered));
}

async function checkCancelled({ store, watch }: ReplaysEnding, found: RangeReplay, name: string) {
  const versions = (await store.readEndpoint(found.endpoint))?.versions ?? [];
  const before = versions.filter(({ change }) => change <= found.changes).at(-1);
  const isEnded = versions.some(
    (version) =>
      (version === before || version.change > found.changes) &&
      (version.state === "disabled" || version.state === "deleted"),
  );
  if (!isEnded && found.wish !== "cancel") {
    watch.fail("replays_end", `${name} was cancelled without a cause: ${found.ended?.reason}`);
  }
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => number >= (numbers[index - 1] ?? 0));
}
