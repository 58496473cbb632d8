import { tmpdir } from "node:os";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import type { Answer, Report } from "../answer.ts";
import { arePeersInstalled, startPeer } from "../peer.ts";
import { startPosthorn } from "../posthorn.ts";
import { startReceiver } from "../receiver.ts";
import { startRedis } from "../redis.ts";
import { alternate } from "../rounds.ts";
import type { Size } from "../size.ts";
import { createLane, measureThroughput } from "../throughput.ts";

const CONNECTIONS = 32;
const LOAD = { batch: 100, callers: 4 };

/**
 * Asks how much faster it is than what one would write by hand. All of them take what they are given in
 * batches of 100, sync it to the same disk before they say so, post it signed, and log that they did.
 */
export async function measure({ rounds, deliveries }: Size): Promise<Report> {
  if (!arePeersInstalled()) {
    return skipped("the peers are not installed: npm ci --prefix bench/peers --omit=optional");
  }
  const redis = await startRedis();
  const cluster = await startCluster({ place: tmpdir() });
  if (redis === undefined || cluster === undefined) {
    await redis?.stop();
    await cluster?.close();
    return skipped("the peers need a redis-server and a PostgreSQL, and one of them is not installed");
  }
  const receiver = await startReceiver();
  const posthorn = await startPosthorn();
  const lane = await createLane(posthorn, { tenant: "bench", url: receiver.url, maxInFlight: CONNECTIONS });
  const receiving = { url: receiver.url, secret: lane.endpoints[0]?.secret ?? "" };
  const overPostgres = { ...receiving, databaseUrl: cluster.urlOf("postgres") };
  const bullmq = await startPeer("bullmq", receiver, { ...receiving, redisPort: redis.port });
  const graphileWorker = await startPeer("graphile-worker", receiver, overPostgres);
  const pgBoss = await startPeer("pg-boss", receiver, overPostgres);
  const measured = await alternate(rounds, {
    posthorn: async () => await measureThroughput({ posthorn, receiver, lane }, { deliveries, ...LOAD }),
    bullmq: async () => await bullmq.measure({ deliveries, ...LOAD }),
    "graphile-worker": async () => await graphileWorker.measure({ deliveries, ...LOAD }),
    "pg-boss": async () => await pgBoss.measure({ deliveries, ...LOAD }),
  });
  for (const peer of [bullmq, graphileWorker, pgBoss]) {
    peer.stop();
  }
  await posthorn.stop();
  await redis.stop();
  await cluster.close();
  receiver.close();
  const faster = (peer: "bullmq" | "graphile-worker" | "pg-boss", atLeast: number): Answer => ({
    question: `throughput ÷ that of ${peer}`,
    goal: { atLeast },
    ratio: measured.perSecond("posthorn") / measured.perSecond(peer),
  });
  return {
    figures: measured.figures(),
    answers: [faster("bullmq", 4), faster("graphile-worker", 3), faster("pg-boss", 20)],
  };
}

function skipped(why: string): Report {
  return { figures: {}, answers: [], skipped: why };
}
