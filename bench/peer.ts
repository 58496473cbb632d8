import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Measurement } from "../server/src/cli/bench/measurement.ts";
import { type Messages, messagesOf } from "./messages.ts";
import { cpuMsOf } from "./process-figures.ts";
import type { Receiver } from "./receiver.ts";

/** A sender of webhooks as one would write it by hand over a queue, in two processes. */
export interface Peer {
  /** Measures from the first job enqueued to the last delivery verified. */
  measure(load: PeerLoad): Promise<Measurement>;
  stop(): void;
}

export interface PeerLoad {
  readonly deliveries: number;
  /** Jobs in one call. */
  readonly batch: number;
  /** Calls that are under way at once. */
  readonly callers: number;
}

/** What a peer needs to be told. */
export type Places =
  | { readonly url: string; readonly secret: string; readonly redisPort: number }
  | { readonly url: string; readonly secret: string; readonly databaseUrl: string };

type FromPeer = { readonly kind: "ready" } | { readonly kind: "enqueued" };

const FOLDER = new URL("peers/", import.meta.url);

export function arePeersInstalled(): boolean {
  return existsSync(new URL("node_modules/", FOLDER));
}

/** Starts the worker and then what enqueues for it. */
export async function startPeer(name: string, receiver: Receiver, places: Places): Promise<Peer> {
  const start = async (role: string): Promise<[ChildProcess, Messages<FromPeer>]> => {
    const child = fork(fileURLToPath(new URL(`${name}.mjs`, FOLDER)));
    const messages = messagesOf<FromPeer>(child);
    child.send({ role, ...places });
    await messages.next("ready");
    return [child, messages];
  };
  const [worker] = await start("worker");
  const [producer, produced] = await start("producer");
  let round = 0;
  return {
    async measure(load) {
      round += 1;
      const { deliveries } = load;
      const { complete } = await receiver.expect({ count: "ids", number: deliveries, secret: places.secret });
      const cpuMsBefore = cpuMsOf(worker);
      const startedAt = performance.now();
      const enqueued = produced.next("enqueued");
      producer.send({ round, ...load });
      await enqueued;
      const { refused } = await complete;
      const seconds = (performance.now() - startedAt) / 1000;
      if (refused > 0) {
        throw new Error(`${name} signs as the server does: ${refused} requests were refused`);
      }
      return { deliveries, seconds, cpuMs: cpuMsOf(worker) - cpuMsBefore };
    },
    stop() {
      producer.disconnect();
      worker.disconnect();
    },
  };
}
