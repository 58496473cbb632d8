import type { Store } from "../server/src/store.ts";
import { createMemoryStore } from "../server/src/stores/memory.ts";
import { createBook } from "./book.ts";
import { createCheckpointCheck } from "./checkpoint-check.ts";
import { createSimClock, type SimClock } from "./clock.ts";
import { createFaults } from "./faults.ts";
import { checkEnding, type Ending } from "./invariants.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createLives, type Lives } from "./lives.ts";
import { createOperator, type Operator } from "./operator.ts";
import { wasOwedTo } from "./owed.ts";
import { drawPlan, type Plan } from "./plan.ts";
import { createProducer } from "./producer.ts";
import { createDice, type Dice } from "./random.ts";
import { createReceivers } from "./receivers.ts";
import { recordStore } from "./recording-store.ts";
import { createTrace } from "./trace.ts";
import { createWatch, type Violation, type Watch } from "./watch.ts";
import { createWorld } from "./world.ts";

export interface Run {
  readonly seed: number;
  /** Stands between the engine and the store, to see that a broken guard is noticed. Default: nothing does. */
  readonly sabotage?: (store: Store, clock: SimClock) => Store;
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
const DAY_MS = 24 * 3_600_000;
// The longest wait is a day, by Retry-After or by a schedule, and the clock on the wall may have been set back.
const DRAIN_MS_MAX = 3 * DAY_MS;
const STOP_GRACE_MS = 5000;
const JUMP_MS_MAX = 3 * 3_600_000;
const SETTLE_IN_MS = 60_000;
const STEP_MS_MAX = 30 * 60_000;

/** Lives through one seed: things happen and go wrong, then everything is healed, drained and checked. */
export async function simulate({ seed, sabotage = (store) => store }: Run): Promise<RunResult> {
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
  const elapsed = clock.monotonic;
  const store = sabotage(recordStore(memory, { book, ledger, elapsed, onFlushed: checkCheckpoint }), clock);
  const receivers = createReceivers({ dice: dice.fork(), faults, elapsed, spanMs: plan.spanMs });
  const common = { clock, trace, watch, faults, book, ledger, world };
  const operator: Operator = createOperator({
    ...common,
    dice: dice.fork(),
    registry: memory,
    lives: () => lives,
  });
  const lives: Lives = createLives({
    ...common,
    plan,
    dice: dice.fork(),
    receivers,
    store,
    idKey: memory.idKey,
    wasReplayed: operator.wasReplayed,
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
    operator,
    answers: producer.answers,
    arrivals: receivers.arrivals,
    watch,
  };
  if (watch.violation === undefined) {
    await drain({ clock, lives, operator, ledger, ending, watch });
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

/** Spreads what happens over the time there is. */
function schedule({
  plan,
  clock,
  dice,
  lives,
  submit,
  act,
}: {
  plan: Plan;
  clock: SimClock;
  dice: Dice;
  lives: Lives;
  submit: () => Promise<void>;
  act: () => Promise<void>;
}): void {
  const at = (count: number, happen: () => void): void => {
    for (let index = 0; index < count; index += 1) {
      clock.after(dice.fraction() * plan.spanMs, happen);
    }
  };
  const burstAt = dice.fraction() * plan.spanMs;
  for (let index = 0; index < plan.submissions; index += 1) {
    const isInBurst = dice.chance(0.3);
    clock.after(isInBurst ? burstAt + dice.below(50) : dice.fraction() * plan.spanMs, () => void submit());
  }
  at(plan.actions, () => void act());
  at(plan.faults.has("crash_any_time") ? dice.between(1, 4) : 0, () => void lives.crash());
  at(plan.faults.has("takeover") ? dice.between(1, 3) : 0, () => lives.takeOver());
  at(dice.chance(0.2) ? 1 : 0, () => void lives.restart(dice.pick([0, 100, STOP_GRACE_MS])));
  at(plan.faults.has("clock_jumps") ? dice.between(1, 4) : 0, () =>
    clock.jump(dice.between(-JUMP_MS_MAX, JUMP_MS_MAX)),
  );
}

/** Heals everything and lets time pass until every delivery has ended. */
async function drain({ clock, lives, operator, ledger, ending, watch }: Draining): Promise<void> {
  const isOver = () => watch.violation !== undefined;
  await clock.run(clock.monotonic() + SETTLE_IN_MS, isOver);
  await operator.resumeAll();
  await clock.run(clock.monotonic() + SETTLE_IN_MS, isOver);
  let open = await owedDeliveries(ending);
  const until = clock.monotonic() + DRAIN_MS_MAX;
  for (
    let stepMs = 1000;
    clock.monotonic() < until && !isOver();
    stepMs = Math.min(2 * stepMs, STEP_MS_MAX)
  ) {
    open = open.filter(({ endpoint, offset }) => ledger.standing(endpoint, offset) !== "settled");
    if (open.length === 0 && ledger.waiting === 0) {
      break;
    }
    await clock.run(clock.monotonic() + stepMs, isOver);
  }
  const [first] = open;
  if (first !== undefined) {
    const { endpoint, offset } = first;
    const tenant = ending.world.endpoints.get(endpoint)?.tenant;
    const view = JSON.stringify(lives.current?.laneView(tenant?.shard ?? 0, endpoint));
    const serial = ending.book.serialAt(offset);
    const standing = ledger.standing(endpoint, offset);
    watch.fail(
      "nothing_is_lost",
      `${open.length} open: ${serial} at endpoint ${endpoint} ${standing}, lane ${view}`,
    );
  } else if (ledger.waiting > 0) {
    watch.fail("nothing_is_lost", `${ledger.waiting} retries wait for nothing`);
  }
  lives.stop(STOP_GRACE_MS);
  await clock.run(clock.monotonic() + SETTLE_IN_MS + STOP_GRACE_MS, isOver);
}

async function owedDeliveries({ store, book, world }: Ending) {
  const owed: { endpoint: number; offset: number }[] = [];
  for (const { number, contract } of world.endpoints.values()) {
    const endpoint = await store.readEndpoint(number);
    for (const event of book.stored) {
      if (endpoint !== undefined && wasOwedTo(endpoint, contract, event)) {
        owed.push({ endpoint: number, offset: event.offset });
      }
    }
  }
  return owed;
}

interface Draining {
  readonly clock: SimClock;
  readonly lives: Lives;
  readonly operator: Operator;
  readonly ledger: Ledger;
  readonly ending: Ending;
  readonly watch: Watch;
}
