import { tmpdir } from "node:os";
import { alternate } from "../../server/src/cli/bench/rounds.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import type { Report } from "../answer.ts";
import { startPlainReceiver } from "../plain-receiver.ts";
import { startPosthorn } from "../posthorn.ts";
import type { Size } from "../size.ts";
import { createLane, measureThroughput } from "../throughput.ts";

const CONNECTIONS = 32;

/** Asks what it costs to have PostgreSQL beside the server instead of SQLite inside it, on the same disk. */
export async function measure({ rounds, deliveries, receiver: kind }: Size): Promise<Report> {
  const cluster = await startCluster({ place: tmpdir() });
  if (cluster === undefined) {
    return { figures: {}, answers: [], skipped: "there is no PostgreSQL" };
  }
  const receiver = await startPlainReceiver(kind);
  const servers = {
    sqlite: await startPosthorn(),
    postgres: await startPosthorn({ POSTHORN_DATABASE_URL: cluster.urlOf("postgres") }),
  };
  const lane = { tenant: "bench", url: receiver.url, maxInFlight: CONNECTIONS };
  const sqlite = { posthorn: servers.sqlite, receiver, lane: await createLane(servers.sqlite, lane) };
  const postgres = { posthorn: servers.postgres, receiver, lane: await createLane(servers.postgres, lane) };
  const batches = { deliveries, batch: 100, callers: 4 };
  const single = { deliveries, batch: 1, callers: 64 };
  const { perSecond, figures } = await alternate(rounds, {
    "SQLite, batches of 100": async () => await measureThroughput(sqlite, batches),
    "PostgreSQL, batches of 100": async () => await measureThroughput(postgres, batches),
    "SQLite, one by one": async () => await measureThroughput(sqlite, single),
    "PostgreSQL, one by one": async () => await measureThroughput(postgres, single),
  });
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await cluster.close();
  receiver.close();
  return {
    figures: figures(),
    answers: [
      {
        question: "throughput over PostgreSQL ÷ over SQLite, accepted in batches of 100",
        goal: { atLeast: 0.5 },
        ratio: perSecond("PostgreSQL, batches of 100") / perSecond("SQLite, batches of 100"),
      },
      {
        question: "throughput over PostgreSQL ÷ over SQLite, accepted one by one",
        goal: { atLeast: 0.5 },
        ratio: perSecond("PostgreSQL, one by one") / perSecond("SQLite, one by one"),
      },
    ],
  };
}
