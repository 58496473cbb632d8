/** A run over nodes: every one of them takes events, and one fault after another befalls them. */
import { setTimeout } from "node:timers/promises";
import { DEFAULT_LIMITS } from "../../server/src/engine/limits.ts";
import { type Cluster, startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { faultedRun, type RunResult } from "../crash/faulted-run.ts";
import type { Run } from "../crash/one-life.ts";
import { startDatabaseProxy } from "./database-proxy.ts";
import { FAULTS, type FaultName, type Ground } from "./faults.ts";
import { startNodes } from "./nodes.ts";
import { createNodesSite } from "./nodes-site.ts";

export interface NodesRunOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly faults: readonly FaultName[];
  /** Is told of each fault when it is over. Default: nobody is. */
  readonly onFault?: (fault: FaultName) => void;
}

// Requests that receivers must have between two faults, and in what time: far longer than a takeover, or the
// start of a process, takes on a busy machine.
const REQUESTS_BETWEEN = 40;
const BETWEEN_MS_MAX = 120_000;

// Enough for three nodes, and few enough to use up.
const CONNECTIONS_MAX = 80;

/** Makes a run on a PostgreSQL of its own. Throws an Error where there is none. */
export async function nodesRun(options: NodesRunOptions): Promise<RunResult> {
  const first = await startCluster({ connectionsMax: CONNECTIONS_MAX });
  if (first === undefined) {
    throw new Error(NO_POSTGRES);
  }
  let primary = first;
  // What prepares and what drains finds the database by an address that moves, as everybody does.
  const address = await startDatabaseProxy(first.socketPath);
  const site = createNodesSite();
  const database = `postgres://posthorn@127.0.0.1:${address.port}/postgres`;
  const { unflushedPerLaneMax: unflushedMax } = DEFAULT_LIMITS;
  const installation = { database, launch: {}, unflushedMax, site };
  try {
    return await faultedRun({ seed: options.seed, installation }, async (run) => {
      const nodes = await startNodes(run, { count: options.nodes, socketPath: first.socketPath, site });
      const moveTo = async (cluster: Cluster) => {
        for (const line of [address, ...nodes.all.map((node) => node.line)]) {
          line.lead(cluster.socketPath);
        }
        await primary.close();
        primary = cluster;
      };
      try {
        await befall({ run, nodes, primary: () => primary, moveTo }, options);
      } finally {
        await nodes.drain();
        nodes.close();
      }
    });
  } finally {
    address.close();
    await primary.close();
  }
}

async function befall(ground: Ground, { faults, onFault }: NodesRunOptions): Promise<void> {
  await mustDeliver(ground.run, "nothing had gone wrong");
  for (const fault of faults) {
    await FAULTS[fault](ground);
    await mustDeliver(ground.run, fault);
    onFault?.(fault);
  }
}

/** Resolves when receivers had some more requests; complains where they do not come. */
async function mustDeliver({ receivers, complaints }: Run, fault: string): Promise<void> {
  const until = receivers.receipts.length + REQUESTS_BETWEEN;
  const giveUp = new AbortController();
  const over = setTimeout(BETWEEN_MS_MAX, "over", { signal: giveUp.signal }).catch(() => "over");
  while (receivers.receipts.length < until) {
    if ((await Promise.race([receivers.received(), over])) === "over") {
      complaints.push(`receivers must be sent ${REQUESTS_BETWEEN} requests after ${fault}`);
      break;
    }
  }
  giveUp.abort();
}
