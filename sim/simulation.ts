import type { Facts, Store } from "../server/src/store.ts";
import { createMemoryStore } from "../server/src/stores/memory.ts";
import { createBook } from "./book.ts";
import { createCheckpointCheck } from "./checkpoint-check.ts";
import { createSimClock, type SimClock } from "./clock.ts";
import { createCommander } from "./commander.ts";
import { drain, schedule } from "./course.ts";
import { createFaults } from "./faults.ts";
import { checkEnding, type Ending } from "./invariants.ts";
import { createLedger } from "./ledger.ts";
import { createLimitCheck } from "./limit-check.ts";
import { createLives, type Lives } from "./lives.ts";
import { createOperator } from "./operator.ts";
import { drawPlan } from "./plan.ts";
import { createProducer } from "./producer.ts";
import { createDice } from "./random.ts";
import { createReceivers } from "./receivers.ts";
import { recordStore } from "./recording-store.ts";
import { createTrace } from "./trace.ts";
import { createWatch, type Violation } from "./watch.ts";
import { createWorld } from "./world.ts";

export interface Run {
  readonly seed: number;
  /**
   * Stands between the engine and the store, to see that a broken guard is noticed. Default: nothing does.
   */
  readonly sabotage?: (store: Store, clock: SimClock) => Store;
  /** Writes into the trace what is stored about this endpoint. Default: none. */
  readonly tellOf?: number | undefined;
}

export interface RunResult {
  readonly seed: number;
  readonly hash: string;
  readonly violation: Violation | undefined;
  /** The last lines of the trace. */
  readonly tail: readonly string[];
  readonly events: number;
  readonly arrivals: number;
  readonly engines: number;
  /** How much time passed in the simulation. */
  readonly simulatedMs: number;
}

const TAIL_LINES = 5000;

/** Lives through one seed: things happen and go wrong, then everything is healed, drained and checked. */
export async function simulate({ seed, sabotage = (store) => store, tellOf }: Run): Promise<RunResult> {
  const dice = createDice(seed);
  const plan = drawPlan(dice.fork());
  const clock = createSimClock();
  const trace = createTrace(clock.monotonic);
  const watch = createWatch(trace);
  const memory = createMemoryStore({ clock, random: dice.fork() });
  const faults = createFaults(plan, dice.fork());
  const book = createBook();
  const ledger = createLedger((place) => watch.fail("attempts_are_immutable", `two at ${place}`));
  const world = await createWorld(plan, { dice: dice.fork(), registry: memory, clock });
  const checkCheckpoint = createCheckpointCheck({ store: memory, book, ledger, watch, world });
  const checkLimits = createLimitCheck({
    limits: plan.limits,
    ledger,
    watch,
    world,
    current: () => lives.current,
  });
  const onFlushed = async (): Promise<void> => {
    checkLimits();
    await checkCheckpoint();
  };
  const elapsed = clock.monotonic;
  const tell = tellOf === undefined ? undefined : (facts: Facts) => trace.note(textOfFacts(facts, tellOf));
  const store = sabotage(recordStore(memory, { book, ledger, elapsed, onFlushed, tell }), clock);
  const receivers = createReceivers({ dice: dice.fork(), faults, elapsed, spanMs: plan.spanMs });
  const common = { clock, trace, watch, faults, book, ledger, world };
  const ofLives = { ...common, lives: () => lives };
  const commander = createCommander({ ...ofLives, dice: dice.fork(), store: memory });
  const operator = createOperator({ ...ofLives, dice: dice.fork(), registry: memory, commander });
  const lives: Lives = createLives({
    ...common,
    plan,
    dice: dice.fork(),
    receivers,
    store,
    readEndpoint: memory.readEndpoint,
    idKey: memory.idKey,
    wasReplayed: commander.wasReplayed,
  });
  const producer = createProducer({ ...common, dice: dice.fork(), lives });

  lives.start();
  schedule({ plan, clock, dice: dice.fork(), lives, submit: producer.submit, act: operator.act });
  await clock.run(plan.spanMs, () => watch.violation !== undefined);
  faults.heal();
  trace.add("healed");
  const ending: Ending = {
    store: memory,
    book,
    world,
    commander,
    answers: producer.answers,
    arrivals: receivers.arrivals,
    watch,
  };
  if (watch.violation === undefined) {
    await drain({ clock, lives, operator, ledger, commander, ending, watch });
  }
  if (watch.violation === undefined) {
    await checkEnding(ending);
  }
  return {
    seed,
    hash: trace.hash(),
    violation: watch.violation,
    tail: trace.tail(TAIL_LINES),
    events: book.stored.length,
    arrivals: receivers.arrivals.length,
    engines: lives.count,
    simulatedMs: clock.monotonic(),
  };
}

/** Says what a flush writes about one endpoint. */
function textOfFacts(facts: Facts, endpoint: number): string {
  const isMine = (fact: number | { readonly endpoint?: number }) =>
    (typeof fact === "number" ? fact : fact.endpoint) === endpoint;
  const mine = Object.entries(facts).flatMap(([name, list]: [string, unknown]) => {
    const found = Array.isArray(list) ? list.filter(isMine) : [];
    return found.length === 0
      ? []
      : [`${name} ${found.map((fact) => JSON.stringify(fact, hideBytes)).join(" ")}`];
  });
  return `facts up to ${facts.checkpoint}, change ${facts.changesApplied}: ${mine.join("; ")}`;
}

function hideBytes(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? value.length : value;
}
