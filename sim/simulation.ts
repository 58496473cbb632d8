import type { Facts } from "../server/src/facts.ts";
import { createIds } from "../server/src/model/ids.ts";
import { createOperationalEvents } from "../server/src/operational-events.ts";
import type { Store } from "../server/src/store.ts";
import { createMemoryStore } from "../server/src/stores/memory.ts";
import { createAgeingCheck } from "./ageing-check.ts";
import { createBook } from "./book.ts";
import { createCheckpointCheck } from "./checkpoint-check.ts";
import { createCircuitCheck } from "./circuit-check.ts";
import { createSimClock, type SimClock } from "./clock.ts";
import { createCommander } from "./commander.ts";
import { drain, schedule } from "./course.ts";
import { createErasures } from "./erasures.ts";
import { createFailingCheck } from "./failing-check.ts";
import { createFaults } from "./faults.ts";
import { createHoldEndCheck } from "./hold-end-check.ts";
import { checkEnding, type Ending } from "./invariants.ts";
import { LEASE_MS } from "./lease.ts";
import { createLedger } from "./ledger.ts";
import { createLimitCheck } from "./limit-check.ts";
import { createLives, type Lives } from "./lives.ts";
import { createNodes } from "./nodes.ts";
import { createOperator } from "./operator.ts";
import { drawPlan, type Plan, shortened } from "./plan.ts";
import { createProducer } from "./producer.ts";
import { createDice, type Dice } from "./random.ts";
import { createReceivers } from "./receivers.ts";
import { type RecordingPorts, recordRegistry, recordStore } from "./recording-store.ts";
import { checkReplaysEnding, createReplays, withRanges } from "./replays.ts";
import { createRetentionCheck } from "./retention-check.ts";
import { createRotations } from "./rotations.ts";
import { createToldHoldCheck } from "./told-hold-check.ts";
import { createTrace } from "./trace.ts";
import { createWatch, type Violation } from "./watch.ts";
import { createWorld } from "./world.ts";

export interface Run {
  readonly seed: number;
  /** How many processes share the store. Default: 1, which has it to itself. */
  readonly nodes?: number;
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
export async function simulate(run: Run): Promise<RunResult> {
  const dice = createDice(run.seed);
  const drawn = drawPlan(dice.fork());
  const plan = (run.nodes ?? 1) === 1 ? drawn : shortened(drawn);
  const parts = await assemble(run, plan, dice);
  const { clock, trace, watch, faults, lives, ending, arrivals } = parts;

  lives.start();
  schedule({ ...parts, plan, dice: dice.fork(), submit: parts.producer.submit, act: parts.operator.act });
  await clock.run(plan.spanMs, () => watch.violation !== undefined);
  faults.heal();
  trace.add("healed");
  if (watch.violation === undefined) {
    await drain({ ...parts, plan });
  }
  if (watch.violation === undefined) {
    await checkEnding(ending);
    await checkReplaysEnding(ending);
    parts.toldHolds.checkEnding();
    await parts.holdEnds.checkEnding();
  }
  return {
    seed: run.seed,
    hash: trace.hash(),
    violation: watch.violation,
    tail: trace.tail(TAIL_LINES),
    events: parts.book.stored.length,
    arrivals: arrivals.length,
    engines: lives.count,
    simulatedMs: clock.monotonic(),
  };
}

/** Makes everything that one run is made of. */
async function assemble({ nodes = 1, sabotage = (store) => store, tellOf }: Run, plan: Plan, dice: Dice) {
  const clock = createSimClock();
  const elapsed = clock.monotonic;
  const trace = createTrace(elapsed);
  const watch = createWatch(trace);
  const memory = createMemoryStore({ clock, random: dice.fork(), leaseMs: LEASE_MS });
  const faults = createFaults(plan, dice.fork());
  const ids = createIds(memory.idKey);
  const book = createBook(ids);
  const ledger = createLedger((place) => watch.fail("attempts_are_immutable", `two at ${place}`));
  const world = await createWorld(plan, { dice: dice.fork(), registry: memory, clock });
  const rotations = createRotations();
  const common = { clock, elapsed, trace, watch, faults, book, ledger, world, rotations, lives: () => lives };

  const current = () => lives.current;
  const checkLimits = createLimitCheck({ ...common, limits: plan.limits, current });
  const checkCheckpoint = createCheckpointCheck({ ...common, store: memory });
  const isTimeSteady = !faults.isArmed("clock_jumps");
  const checkFailing = createFailingCheck({ ...common, store: memory, isTimeSteady });
  const checkCircuit = createCircuitCheck({ ...common, store: memory, isTimeSteady });
  const toldHolds = createToldHoldCheck({ ...common, store: memory, current });
  const holdEnds = createHoldEndCheck({ ...common, store: memory, isTimeSteady });
  const ageing = createAgeingCheck({ ...common, isTimeSteady, retention: plan.retention });
  let last: Facts | undefined;
  const recording: RecordingPorts = {
    ...common,
    onForgotten: createRetentionCheck({ ...common, store: memory, askedReplays: () => replays.asked }),
    tell: tellOf === undefined ? undefined : (facts) => trace.note(textOfFacts(facts, tellOf)),
    async onFlushed(facts) {
      checkLimits();
      ageing.flushed(facts);
      await checkCheckpoint();
      // What is written again, because nobody knew whether it was written, says nothing new to these.
      if (facts !== last) {
        last = facts;
        await checkFailing(facts);
        await checkCircuit(facts);
        await toldHolds.flushed(facts);
      }
      await holdEnds.flushed(facts);
    },
  };
  const record = (store: Store): Store => sabotage(recordStore(store, recording), clock);
  const openNode = (holder: string) => {
    const { store, sharing } = memory.openNode(holder);
    return { store: record(store), sharing };
  };

  const receivers = createReceivers({ ...common, dice: dice.fork(), spanMs: plan.spanMs });
  const commander = createCommander({ ...common, dice: dice.fork(), store: memory, isShared: nodes > 1 });
  const operational = createOperationalEvents({ operator: world.operator, ids });
  const registry = recordRegistry(memory, memory, book);
  const erasures = createErasures({ ...common, dice: dice.fork(), store: memory, aged: ageing.aged });
  const replays = createReplays({ ...common, dice: dice.fork(), store: memory });
  const people = { commander, erasures, replays };
  const seen = { ...people, commander: withRanges(commander, replays) };
  const operator = createOperator({ ...common, ...people, dice: dice.fork(), registry, operational });
  const { readEndpoint, idKey } = memory;
  const ofLives = { ...common, ...seen, plan, receivers, readEndpoint, idKey, dice: dice.fork() };
  const lives: Lives =
    nodes === 1
      ? createLives({ ...ofLives, store: record(memory) })
      : createNodes({ ...ofLives, nodes, openNode, pauseNodes: memory.pauseNodes });
  const producer = createProducer({ ...common, dice: dice.fork(), lives, erasures });

  const { answers } = producer;
  const { arrivals } = receivers;
  const { keepMs } = plan;
  const ending: Ending = { ...common, ...seen, store: memory, ids, answers, arrivals, isTimeSteady, keepMs };
  return { ...common, ...people, toldHolds, holdEnds, lives, producer, operator, arrivals, ending };
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
