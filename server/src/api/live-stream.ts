import { Readable } from "node:stream";
import type { Clock, Timer } from "../clock.ts";
import type { LiveFact } from "../live.ts";
import type { LiveFilter, LiveHub, LivePlace, NumberedFact } from "../live-hub.ts";

/** A stream of server-sent events, for one reader. */
export interface LiveStream {
  readonly readable: Readable;
  end(): void;
}

export interface LiveStreamOptions {
  readonly live: LiveHub;
  readonly clock: Pick<Clock, "monotonic" | "after">;
  readonly filter: LiveFilter;
  /** Where its reader was before. */
  readonly after: LivePlace | undefined;
  readonly show: (fact: LiveFact) => object;
  readonly streamMsMax: number;
  /** Ends the stream where it resolves to false. */
  readonly mayGoOn: () => Promise<boolean>;
  readonly onEnd: () => void;
}

/** On average; what nobody could read anyway is counted, and left out. */
const MESSAGES_PER_SECOND_MAX = 200;
const BURST_MAX = 1000;
/** What a reader has not taken yet: what comes meanwhile is left out. */
const UNREAD_BYTES_MAX = 128 * 1024;
/** Shorter than what proxies wait for the next byte of an answer. */
const KEEP_ALIVE_MS = 15_000;
const TELL_LEFT_OUT_MS = 1000;

/** Begins a stream. Its first message is `started`; every one has an id, after which another can go on. */
export function createLiveStream(options: LiveStreamOptions): LiveStream {
  const { live, clock, filter, after, show } = options;
  const readable = new Readable({ highWaterMark: UNREAD_BYTES_MAX, read: () => undefined });
  const timers = new Map<string, Timer>();
  let room = BURST_MAX;
  let filledAt = clock.monotonic();
  let leftOut = 0;
  let isOver = false;

  const watch = live.watch({ filter, take, leftOut: leaveOut }, after);

  function hasRoom(): boolean {
    const now = clock.monotonic();
    room = Math.min(BURST_MAX, room + ((now - filledAt) / 1000) * MESSAGES_PER_SECOND_MAX);
    filledAt = now;
    return room >= 1 && readable.readableLength < UNREAD_BYTES_MAX;
  }

  function take(facts: readonly NumberedFact[]): void {
    for (const { number, fact } of facts) {
      if (hasRoom()) {
        tellLeftOut();
        room -= 1;
        write(show(fact), { life: watch.place.life, number });
      } else {
        leaveOut(1);
      }
    }
  }

  function leaveOut(count: number): void {
    leftOut += count;
    if (!timers.has("left_out")) {
      ring("left_out", TELL_LEFT_OUT_MS, () => {
        timers.delete("left_out");
        if (hasRoom()) {
          tellLeftOut();
        } else {
          leaveOut(0);
        }
      });
    }
  }

  function tellLeftOut(): void {
    if (leftOut > 0) {
      write({ kind: "left_out", count: leftOut }, undefined);
      leftOut = 0;
    }
  }

  function write(message: object, place: LivePlace | undefined): void {
    const id = place === undefined ? "" : `id: ${idOfPlace(place)}\n`;
    readable.push(`${id}data: ${JSON.stringify(message)}\n\n`);
  }

  function ring(name: string, delayMs: number, then: () => void): void {
    if (!isOver) {
      timers.set(name, clock.after(delayMs, then));
    }
  }

  async function keepAlive(): Promise<void> {
    if (!(await options.mayGoOn())) {
      end();
      return;
    }
    if (!isOver && readable.readableLength < UNREAD_BYTES_MAX) {
      readable.push(": \n\n");
    }
    ring("keep_alive", KEEP_ALIVE_MS, () => void keepAlive());
  }

  function end(): void {
    if (!isOver) {
      isOver = true;
      timers.forEach((timer) => timer.cancel());
      watch.end();
      readable.push(null);
      options.onEnd();
    }
  }

  readable.once("close", end);
  write(
    { kind: "started", has_missed: watch.hasMissed },
    after === undefined || watch.hasMissed ? watch.place : after,
  );
  take(watch.since);
  ring("keep_alive", KEEP_ALIVE_MS, () => void keepAlive());
  ring("end", options.streamMsMax, end);
  return { readable, end };
}

function idOfPlace({ life, number }: LivePlace): string {
  return `${life}-${number}`;
}

/** Reads the id of a message; undefined where it is none. */
export function placeOfId(id: string): LivePlace | undefined {
  const [, life, number] = /^([0-9a-f]{1,32})-(\d{1,15})$/.exec(id) ?? [];
  return life === undefined ? undefined : { life, number: Number(number) };
}
