import type { FactsDraft } from "../facts.ts";
import type { Sharing } from "../sharing.ts";
import { type AnyAnswer, type Asking, askingIn, textOfAnswer } from "./asking.ts";
import { flushed } from "./flushed.ts";
import type { Change, Flusher } from "./flusher.ts";
import { NO_ENDPOINT } from "./write-apart.ts";

/** Does what other nodes ask the owner of a lease for, each once. */
export interface AskedTaker {
  /** Takes up what is stored as asked for. */
  look(): Promise<void>;
  stop(): void;
}

export interface AskedTakerPorts {
  readonly lease: number;
  readonly sharing: Pick<Sharing, "readAsked">;
  readonly flusher: Flusher;
  /** Does it, and writes what follows through this flusher. */
  readonly carryOut: (asking: Asking, flusher: Flusher) => Promise<AnyAnswer>;
  readonly onFailed: (error: unknown) => void;
}

const ASKED_MAX = 100;

export function createAskedTaker(ports: AskedTakerPorts): AskedTaker {
  const { lease, sharing, flusher, carryOut, onFailed } = ports;
  const underWay = new Set<number>();
  let isStopped = false;

  async function take(asked: number, asking: Asking): Promise<void> {
    const answer = await carryOut(asking, marking(flusher, asked));
    await flushed(flusher, {
      endpoint: NO_ENDPOINT,
      contribute: noteAnswered(asked, textOfAnswer(answer)),
      applied: () => undefined,
    });
  }

  async function look(): Promise<void> {
    const all = isStopped ? [] : await sharing.readAsked(lease, ASKED_MAX);
    for (const { number, what } of all) {
      const asking = askingIn(what);
      if (asking !== undefined && !underWay.has(number)) {
        underWay.add(number);
        // What fails is done by the next owner, or at the next look.
        void take(number, asking)
          .catch((error: unknown) => isStopped || onFailed(error))
          .finally(() => underWay.delete(number));
      }
    }
  }

  return {
    async look() {
      try {
        await look();
      } catch (error) {
        onFailed(error);
      }
    },
    stop() {
      isStopped = true;
    },
  };
}

/** A flusher that notes with whatever is written through it that this was asked for: it is done once. */
function marking(flusher: Flusher, asked: number): Flusher {
  const note = noteAnswered(asked, undefined);
  return {
    ...flusher,
    get waiting() {
      return flusher.waiting;
    },
    get isFailing() {
      return flusher.isFailing;
    },
    get flushes() {
      return flusher.flushes;
    },
    add(change) {
      const marked: Change = {
        endpoint: change.endpoint,
        contribute(facts) {
          change.contribute(facts);
          note(facts);
        },
        applied: () => change.applied(),
        failed: (error) => change.failed?.(error),
      };
      flusher.add(marked);
    },
  };
}

function noteAnswered(asked: number, answer: string | undefined) {
  return (facts: FactsDraft): void => void facts.answered.push({ asked, answer });
}
