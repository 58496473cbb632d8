import type { Facts } from "../server/src/facts.ts";
import { type Store, StoreRefusal } from "../server/src/store.ts";
import type { Faults } from "./faults.ts";
import type { Life } from "./life.ts";
import type { Dice } from "./random.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";

export interface RefusingStorePorts {
  readonly life: Life;
  readonly faults: Faults;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
}

/** The lists of facts that say something of an endpoint, by which a bug of ours may show. */
const LISTS = ["attempts", "retries", "endedRetries", "deadLetters", "gaps", "lanes", "abandoned"] as const;

/** What a process cannot store, for as long as it lives: facts of one kind about one lane, or a position. */
type Bug =
  | { readonly list: (typeof LISTS)[number]; readonly endpoint: number }
  | { readonly list: "checkpoint"; readonly after: number };

// The whole flush, and the lane by itself, once more with each change that a person makes meanwhile; more is
// trying in vain.
const REFUSED_MAX = 2;

/** How often something was refused, and how many changes there had been when it was the first time. */
interface Refused {
  readonly times: number;
  readonly changes: number;
}

/** A store whose constraints a bug of one process runs into: it refuses what has the bug in it. */
export function refusingStore(store: Store, ports: RefusingStorePorts): Store {
  const { life, faults, dice, trace, watch } = ports;
  const refused = new Map<string, Refused>();
  let bug: Bug | undefined;
  let last: Facts | undefined;

  function drawBug(facts: Facts): Bug | undefined {
    if (dice.chance(0.1)) {
      return { list: "checkpoint", after: facts.checkpoint };
    }
    const list = dice.pick(LISTS);
    const fact = dice.any<{ readonly endpoint: number }>(facts[list]);
    return fact && { list, endpoint: fact.endpoint };
  }

  function refuse(facts: Facts, changes: number): never {
    const { checkpoint, changesApplied, ...told } = facts;
    const text = JSON.stringify(told);
    const before = refused.get(text) ?? { times: 0, changes };
    const times = before.times + 1;
    refused.set(text, { ...before, times });
    if (times > REFUSED_MAX * (1 + changes - before.changes)) {
      watch.fail("refused_is_not_written_again", `${life.name}, ${times} times: ${text.slice(0, 200)}`);
    }
    trace.add(`${life.name} is refused ${checkpoint} ${changesApplied} ${text.length}`);
    throw new StoreRefusal(new Error(`simulated: ${JSON.stringify(bug)}`));
  }

  return {
    ...store,
    async flush(lease, facts) {
      // What is written again because nobody knows whether it was written is not refused all of a sudden.
      if (bug === undefined && facts !== last && faults.fires("facts_refused")) {
        bug = drawBug(facts);
      }
      last = facts;
      if (bug !== undefined && hasBug(facts, bug)) {
        const { changes } = await store.readHead(lease.id);
        refuse(facts, changes);
      }
      return await store.flush(lease, facts);
    },
  };
}

function hasBug(facts: Facts, bug: Bug): boolean {
  return bug.list === "checkpoint"
    ? facts.checkpoint > bug.after
    : facts[bug.list].some(({ endpoint }) => endpoint === bug.endpoint);
}

/** Whether an error is one that the simulation made a store throw: whoever asked for something learns it. */
export function isSimulatedFailure(error: unknown): boolean {
  return error instanceof Error && error.message.includes("simulated");
}
