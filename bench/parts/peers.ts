import { tmpdir } from "node:os";
import { alternate, type Rounds } from "../../server/src/cli/bench/rounds.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import type { Answer, Report } from "../answer.ts";
import { arePeersInstalled, type Peer, startPeer } from "../peer.ts";
import { startPlainReceiver } from "../plain-receiver.ts";
import { startPosthorn } from "../posthorn.ts";
import { startRedis } from "../redis.ts";
import type { Size } from "../size.ts";
import { createLane, measureThroughput } from "../throughput.ts";

const CONNECTIONS = 32;
const LOADS = {
  "in batches of 100": { batch: 100, callers: 4 },
  "one by one": { batch: 1, callers: 64 },
};
type PeerName = "bullmq" | "graphile-worker" | "pg-boss";

/**
 * Asks how much faster it is than what one would write by hand. All of them sync what they are given to the
 * same disk before they say so, post it signed, and log that they did.
 */
export async function measure({ rounds, deliveries, receiver: kind }: Size): Promise<Report> {
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
  const receiver = await startPlainReceiver(kind);
  const posthorn = await startPosthorn();
  const lane = await createLane(posthorn, { tenant: "bench", url: receiver.url, maxInFlight: CONNECTIONS });
  const receiving = { url: receiver.url, secret: lane.endpoints[0]?.secret ?? "" };
  const overPostgres = { ...receiving, databaseUrl: cluster.urlOf("postgres") };
  const peers: Readonly<Record<PeerName, Peer>> = {
    bullmq: await startPeer("bullmq", receiver, { ...receiving, redisPort: redis.port }),
    "graphile-worker": await startPeer("graphile-worker", receiver, overPostgres),
    "pg-boss": await startPeer("pg-boss", receiver, overPostgres),
  };
  const reports: Report[] = [];
  for (const [how, load] of Object.entries(LOADS)) {
    const measured = await alternate(rounds, {
      posthorn: async () => await measureThroughput({ posthorn, receiver, lane }, { deliveries, ...load }),
      bullmq: async () => await peers.bullmq.measure({ deliveries, ...load }),
      "graphile-worker": async () => await peers["graphile-worker"].measure({ deliveries, ...load }),
      "pg-boss": async () => await peers["pg-boss"].measure({ deliveries, ...load }),
    });
    reports.push(reportOf(how, measured));
  }
  Object.values(peers).forEach((peer) => peer.stop());
  await posthorn.stop();
  await redis.stop();
  await cluster.close();
  receiver.close();
  return {
    figures: Object.assign({}, ...reports.map(({ figures }) => figures)),
    answers: reports.flatMap(({ answers }) => answers),
  };
}

function reportOf(how: string, measured: Rounds<PeerName | "posthorn">): Report {
  const { perSecond } = measured;
  return {
    figures: Object.fromEntries(
      Object.entries(measured.figures()).map(([name, figure]) => [`${how}, ${name}`, figure]),
    ),
    answers: [answerOf("bullmq", 4), answerOf("graphile-worker", 3), answerOf("pg-boss", 20)],
  };

  function answerOf(peer: PeerName, atLeast: number): Answer {
    const question = `throughput ÷ that of ${peer}, accepted ${how}`;
    return { question, goal: { atLeast }, ratio: perSecond("posthorn") / perSecond(peer) };
  }
}

function skipped(why: string): Report {
  return { figures: {}, answers: [], skipped: why };
}
