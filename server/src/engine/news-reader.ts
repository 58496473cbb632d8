import type { Clock, Timer } from "../clock.ts";
import type { Sharing } from "../sharing.ts";
import type { Owner } from "./owner.ts";

/**
 * Looks for what other nodes have written about the leases of this one: by one query for all of them, sooner
 * while there is something, and at once after a hint. A hint may be lost; looking is what counts.
 */
export interface NewsReader {
  start(): void;
  stop(): void;
}

export interface NewsReaderPorts {
  readonly sharing: Pick<Sharing, "readNews" | "onHint">;
  readonly clock: Clock;
  /** Those that have an owner here. */
  readonly leases: () => readonly number[];
  readonly ownerOf: (lease: number) => Pick<Owner, "note"> | undefined;
  readonly onFailed: (error: unknown) => void;
}

const EVERY_MS_MIN = 20;
const EVERY_MS_MAX = 500;

export function createNewsReader(ports: NewsReaderPorts): NewsReader {
  const { sharing, clock, leases, ownerOf, onFailed } = ports;
  let everyMs = EVERY_MS_MIN;
  let timer: Timer | undefined;
  let isLooking = false;
  let isHinted = false;
  let isStopped = false;

  /** Returns whether there was anything. */
  async function look(): Promise<boolean> {
    const asked = leases();
    let isNew = false;
    for (const news of asked.length === 0 ? [] : await sharing.readNews(asked)) {
      isNew = (ownerOf(news.lease)?.note(news) ?? false) || isNew;
    }
    return isNew;
  }

  async function lookAndWait(): Promise<void> {
    isLooking = true;
    isHinted = false;
    try {
      everyMs = (await look()) ? EVERY_MS_MIN : Math.min(2 * everyMs, EVERY_MS_MAX);
    } catch (error) {
      everyMs = EVERY_MS_MAX;
      onFailed(error);
    }
    isLooking = false;
    lookAfter(isHinted ? 0 : everyMs);
  }

  function lookAfter(delayMs: number): void {
    timer?.cancel();
    if (!isStopped) {
      timer = clock.after(delayMs, () => void lookAndWait());
    }
  }

  return {
    start() {
      sharing.onHint((lease) => {
        if (ownerOf(lease) === undefined) {
          return;
        }
        isHinted = true;
        if (!isLooking) {
          lookAfter(0);
        }
      });
      lookAfter(everyMs);
    },
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };
}
