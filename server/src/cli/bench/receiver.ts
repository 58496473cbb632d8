import { fork } from "node:child_process";
import { moduleBeside } from "../../module-beside.ts";
import { type Expectation, onReport, type Receipt } from "./protocol.ts";

/** The receiver, seen from the command. */
export interface Receiver {
  readonly url: string;
  /** Starts counting; the receipt comes when all that is expected is there. */
  expect(expectation: Expectation): Promise<Arriving>;
  close(): void;
}

export interface Arriving {
  /** Rejects where nothing came for half a minute: then something is wrong. */
  readonly complete: Promise<Receipt>;
}

export interface ReceiverOptions {
  /** Told now and then how many have come. */
  onProgress(arrived: number, of: number): void;
  /** Default: half a minute. */
  readonly stallMs?: number;
}

const STALL_MS = 30_000;

/** Nothing came any more, although more was expected. */
export class Stalled extends Error {
  override readonly name = "Stalled";
}

/** What is waited for. */
interface Wait {
  readonly expectation: Expectation;
  readonly complete: PromiseWithResolvers<Receipt>;
  readonly expecting: PromiseWithResolvers<void>;
  distinct: number;
  grewAt: number;
}

/** Starts the receiver in a process of its own, on any free port. */
export function startReceiver({ onProgress, stallMs = STALL_MS }: ReceiverOptions): Promise<Receiver> {
  const child = fork(moduleBeside(import.meta.url, "receiver-process"), { stdio: "inherit" });
  let wait: Wait | undefined;
  const progress = (distinct: number): void => {
    if (wait === undefined) {
      return;
    }
    const { number } = wait.expectation;
    onProgress(distinct, number);
    if (distinct > wait.distinct) {
      Object.assign(wait, { distinct, grewAt: performance.now() });
    } else if (performance.now() > wait.grewAt + stallMs) {
      const inAll = `${distinct} of ${number} deliveries arrived and were verified`;
      wait.complete.reject(new Stalled(`${inAll}, and no other for ${stallMs / 1000} s`));
      wait = undefined;
    }
  };
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => {
      const ended = new Error(`the receiver ended with ${code}`);
      reject(ended);
      wait?.expecting.reject(ended);
      wait?.complete.reject(ended);
    });
    onReport(child, (report) => {
      switch (report.kind) {
        case "listening":
          resolve({ url: `http://127.0.0.1:${report.port}/`, expect, close: () => child.disconnect() });
          return;
        case "expecting":
          wait?.expecting.resolve();
          return;
        case "progress":
          progress(report.distinct);
          return;
        case "complete":
          wait?.complete.resolve(report.receipt);
          wait = undefined;
          return;
      }
    });
  });

  async function expect(expectation: Expectation): Promise<Arriving> {
    const complete = Promise.withResolvers<Receipt>();
    const expecting = Promise.withResolvers<void>();
    // Whoever is told of it waits for it; until then nobody does.
    complete.promise.catch(() => undefined);
    wait = { expectation, complete, expecting, distinct: 0, grewAt: performance.now() };
    child.send(expectation);
    await expecting.promise;
    return { complete: complete.promise };
  }
}
