import { DAY_MS } from "../server/src/model/duration.ts";
import type { SimClock } from "./clock.ts";
import type { Commander } from "./commander.ts";
import type { Faults } from "./faults.ts";
import type { Ending } from "./invariants.ts";
import type { Ledger } from "./ledger.ts";
import type { Lives } from "./lives.ts";
import type { Operator } from "./operator.ts";
import { wasOwedTo } from "./owed.ts";
import type { Plan } from "./plan.ts";
import type { Dice } from "./random.ts";
import type { Replays } from "./replays.ts";
import type { Watch } from "./watch.ts";

// The longest wait is a day, by Retry-After or by a schedule, and the clock on the wall may have been set
// back.
const DRAIN_MS_MAX = 3 * DAY_MS;
const STOP_GRACE_MS = 5000;
const JUMP_MS_MAX = 3 * 3_600_000;
// By years: a clock that was never set, or set wrong.
const LONG_JUMPS_MS = [-3650 * DAY_MS, 3650 * DAY_MS] as const;
const SETTLE_IN_MS = 60_000;
// What is asked of a healed world must be answered.
const LAST_COMMANDS = 3;
const STEP_MS_MAX = 30 * 60_000;

/** Spreads what happens over the time there is. */
export function schedule({
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
    clock.jump(dice.chance(0.2) ? dice.pick(LONG_JUMPS_MS) : dice.between(-JUMP_MS_MAX, JUMP_MS_MAX)),
  );
}

/** A person mends the bug that stopped a lane, or a lease. */
async function mendImpaired({ clock, lives, watch }: Draining): Promise<void> {
  if (lives.isImpaired) {
    void lives.restart(STOP_GRACE_MS);
    await clock.run(clock.monotonic() + SETTLE_IN_MS, () => watch.violation !== undefined);
  }
}

/** Heals everything and lets time pass until every delivery has ended. */
export async function drain(draining: Draining): Promise<void> {
  const { clock, lives, operator, commander, replays, ledger, ending, watch } = draining;
  const isOver = () => watch.violation !== undefined;
  await mendContracts(draining);
  await clock.run(clock.monotonic() + SETTLE_IN_MS, isOver);
  await mendImpaired(draining);
  await operator.resumeAll();
  void replays.resumeAll();
  for (const endpoint of [...ending.world.endpoints.values()].slice(0, LAST_COMMANDS)) {
    void commander.command(endpoint);
    void replays.act(endpoint);
  }
  await clock.run(clock.monotonic() + SETTLE_IN_MS, isOver);
  let open = await owedDeliveries(ending);
  const until = clock.monotonic() + DRAIN_MS_MAX;
  for (
    let stepMs = 1000;
    clock.monotonic() < until && !isOver();
    stepMs = Math.min(2 * stepMs, STEP_MS_MAX)
  ) {
    open = open.filter(({ endpoint, offset }) => ledger.standing(endpoint, offset) !== "settled");
    // One of the last that were asked for may have been told to wait.
    void replays.resumeAll();
    // A node that stood still may have met it only now.
    await mendImpaired(draining);
    if (open.length === 0 && ledger.waiting === 0 && !(await replays.isAnyOpen())) {
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
  const last = ending.book.stored.at(-1)?.offset ?? 0;
  await clock.run(clock.monotonic() + SETTLE_IN_MS, isOver);
  if (ledger.checkpoint < last) {
    watch.fail(
      "checkpoint_follows",
      `all is settled, and the checkpoint ${ledger.checkpoint} is before ${last}`,
    );
  }
  lives.stop(STOP_GRACE_MS);
  await clock.run(clock.monotonic() + SETTLE_IN_MS + STOP_GRACE_MS, isOver);
}

/** Lets lanes go on that a contract of a user's stopped. */
async function mendContracts({ plan, faults, lives, operator }: Draining): Promise<void> {
  if (!faults.isArmed("contract_wrong")) {
    return;
  }
  if (plan.isMendedByRestart) {
    void lives.restart(STOP_GRACE_MS);
  } else {
    await operator.saveAll();
  }
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

export interface Draining {
  readonly plan: Plan;
  readonly clock: SimClock;
  readonly faults: Faults;
  readonly lives: Lives;
  readonly operator: Operator;
  readonly commander: Commander;
  readonly replays: Replays;
  readonly ledger: Ledger;
  readonly ending: Ending;
  readonly watch: Watch;
}
