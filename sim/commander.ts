import type { Engine } from "../server/src/engine/engine.ts";
import { Problem } from "../server/src/problem.ts";
import type { Store } from "../server/src/store.ts";
import type { Book } from "./book.ts";
import type { SimClock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Lives } from "./lives.ts";
import type { Dice } from "./random.ts";
import { isSimulatedFailure } from "./refusing-store.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

/** The people who ask things of single deliveries, and of lanes. */
export interface Commander {
  /** Asks for something to be done with an event of the endpoint's tenant. */
  command(endpoint: KnownEndpoint): Promise<void>;
  /** Asks a lane to go on behind its head, or behind some event. */
  skip(endpoint: KnownEndpoint): Promise<void>;
  wasCancelled(endpoint: number, serial: number): boolean;
  /** As `wasCancelled`, where a process was there to hear it. */
  wasCancelHeard(endpoint: number, serial: number): boolean;
  wasReplayed(endpoint: number, serial: number): boolean;
  wasSkipped(endpoint: number, offset: number): boolean;
  /** Whether something of this endpoint was asked for that ends its waiting. */
  wasHurried(endpoint: number): boolean;
  /** Replays that were said to be stored. */
  readonly replays: readonly PromisedReplay[];
}

export interface PromisedReplay {
  readonly endpoint: number;
  readonly serial: number;
  /** The log's changes when it was asked for: a later one may have ended it. */
  readonly changes: number;
}

export interface CommanderPorts {
  readonly clock: SimClock;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly faults: Faults;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly store: Store;
  readonly lives: () => Lives;
  /** Whether what is asked is stored, and may be done long after nobody was answered. */
  readonly isShared: boolean;
}

type Command = "retry" | "cancel" | "replay";

const COMMANDS: readonly [Command, ...Command[]] = ["retry", "cancel", "replay"];
const ANSWER_MS_MAX = 60_000;

export function createCommander(ports: CommanderPorts): Commander {
  const { clock, dice, trace, watch, faults, book, ledger, store } = ports;
  const cancelled = new Set<string>();
  const heardCancels = new Set<string>();
  const replayed = new Set<string>();
  const hurried = new Set<number>();
  const skips: { readonly endpoint: number; to: number }[] = [];
  const replays: PromisedReplay[] = [];

  /** Asks, and gives up on who does not answer in a minute. */
  async function answerTo<Answer>(
    name: string,
    question: (engine: Engine) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const mustAnswer = faults.isHealed;
    const { promise: silence, resolve: giveUp } = Promise.withResolvers<undefined>();
    const late = clock.after(ANSWER_MS_MAX, () => {
      if (mustAnswer) {
        watch.fail("commands_answer", name);
      }
      giveUp(undefined);
    });
    try {
      return await Promise.race([ports.lives().ask(question), silence]);
    } catch (error) {
      if (!(error instanceof Problem) && !isSimulatedFailure(error)) {
        watch.fail("engine_does_not_throw", `${name}: ${String(error)}`);
      }
      return undefined;
    } finally {
      late.cancel();
    }
  }

  return {
    replays,
    async command(endpoint) {
      const { number, tenant } = endpoint;
      const all = book.stored.filter((stored) => stored.tenant === tenant.number);
      const open = all.filter(({ offset }) => ledger.standing(number, offset) !== "settled");
      const event = dice.any(open.length > 0 && dice.chance(0.7) ? open : all);
      const serial = event === undefined ? undefined : book.serialAt(event.offset);
      if (event === undefined || serial === undefined) {
        return;
      }
      const name = dice.pick(COMMANDS);
      const key = `${number}/${serial}`;
      if (name !== "retry") {
        (name === "cancel" ? cancelled : replayed).add(key);
      }
      hurried.add(number);
      trace.add(`asks to ${name} ${key}`);
      const { changes } = await store.readHead(0);
      const state = (await store.readEndpoint(number))?.versions.at(-1)?.state;
      const delivery = { tenant: event.tenant, endpoint: number, offset: event.offset };
      const result = await answerTo(`${name} ${key}`, (engine) => {
        if (name === "cancel") {
          heardCancels.add(key);
        }
        return engine[name](tenant.shard, delivery);
      });
      trace.add(`${name} ${key}: ${result ?? "no answer"}`);
      if (name === "replay" && result === "done" && (state === "enabled" || state === "paused")) {
        replays.push({ endpoint: number, serial, changes });
      }
    },
    async skip({ number, tenant, contract }) {
      const all = book.stored.filter((stored) => stored.tenant === tenant.number);
      const hasHead = contract.discipline !== "each";
      const owing = all.filter(({ offset }) => ledger.standing(number, offset) !== "settled");
      const to = hasHead && dice.chance(0.5) ? undefined : dice.any(dice.chance(0.7) ? owing : all)?.offset;
      hurried.add(number);
      const skip = { endpoint: number, to: Infinity };
      skips.push(skip);
      trace.add(`asks endpoint ${number} to skip to ${to ?? "its head"}`);
      const answer = await answerTo(`skip of endpoint ${number}`, (engine) =>
        engine.skip(tenant.shard, { endpoint: number, to }),
      );
      // A batch goes as a whole. Whoever was not answered does not know.
      if (answer !== undefined || !ports.isShared) {
        skip.to = answer?.kind === "skipped" ? answer.to : (await store.readHead(0)).head;
      }
      trace.add(`skip of endpoint ${number}: ${JSON.stringify(answer)}`);
      if (answer?.kind === "skipped") {
        // It may have been done later than it was asked, of a head that came meanwhile.
        skips.push({ endpoint: number, to: answer.to });
      }
      const open = all.filter(
        (event) =>
          answer?.kind === "skipped" &&
          event.offset >= answer.from &&
          event.offset <= answer.to &&
          ledger.settledAt(number, event.offset) === undefined,
      );
      if (open.length > 0) {
        watch.fail("skipped_is_settled", `endpoint ${number} still owes ${open.map(({ offset }) => offset)}`);
      }
    },
    wasSkipped: (endpoint, offset) => skips.some((skip) => skip.endpoint === endpoint && offset <= skip.to),
    wasCancelled: (endpoint, serial) => cancelled.has(`${endpoint}/${serial}`),
    wasCancelHeard: (endpoint, serial) => heardCancels.has(`${endpoint}/${serial}`),
    wasHurried: (endpoint) => hurried.has(endpoint),
    wasReplayed: (endpoint, serial) => replayed.has(`${endpoint}/${serial}`),
  };
}
