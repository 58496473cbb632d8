import { tmpdir } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Measurement } from "../../server/src/cli/bench/measurement.ts";
import { alternate } from "../../server/src/cli/bench/rounds.ts";
import { shardOf } from "../../server/src/shard.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import type { Report } from "../answer.ts";
import { type Posthorn, startPosthorn } from "../posthorn.ts";
import { startReceiver } from "../receiver.ts";
import type { Size } from "../size.ts";
import { createLane, type Lane, postEvents } from "../throughput.ts";

// Far above what makes a receiver slow: what bounds a process is the requests it may have in flight to such.
const ANSWER_MS = 3000;
// A tenant in each, so that nodes have equally much to do.
const SHARDS = 16;
// Of a tenant: together they want more than two processes may have in flight.
const ENDPOINTS = 64;
const MAX_IN_FLIGHT = 8;
// Of what other parts deliver, as each takes so long.
const DELIVERIES_PART = 0.4;
// Far longer than nodes take to share what they own.
const SHARED_MS = 6000;

/** Asks how much more two nodes deliver than one where receivers are slow. */
export async function measure({ rounds, deliveries }: Size): Promise<Report> {
  const cluster = await startCluster({ place: tmpdir() });
  if (cluster === undefined) {
    return { figures: {}, answers: [], skipped: "there is no PostgreSQL" };
  }
  const receiver = await startReceiver({ answerMs: ANSWER_MS });
  const env = { POSTHORN_DATABASE_URL: cluster.urlOf("postgres"), POSTHORN_SHARDS: String(SHARDS) };
  const first = await startPosthorn(env);
  const second = await startPosthorn(env);
  const lanes: Lane[] = [];
  for (const tenant of tenantsOfShards()) {
    const lane = { tenant, url: `${receiver.url}${tenant}/`, maxInFlight: MAX_IN_FLIGHT };
    lanes.push(await createLane(first, { ...lane, endpoints: ENDPOINTS }));
  }
  const eventsOfEach = Math.max(1, Math.round((deliveries * DELIVERIES_PART) / (SHARDS * ENDPOINTS)));

  async function deliver(nodes: readonly Posthorn[]): Promise<Measurement> {
    await setTimeout(SHARED_MS);
    const number = eventsOfEach * SHARDS * ENDPOINTS;
    const { complete } = await receiver.expect({ count: "ids by path", number, secret: undefined });
    const startedAt = performance.now();
    const cpuMs = () => nodes.reduce((sum, node) => sum + node.cpuMs(), 0);
    const cpuMsBefore = cpuMs();
    const load = { batch: eventsOfEach, callers: 1 };
    await Promise.all(lanes.map((lane) => postEvents({ posthorn: first, lane }, load, eventsOfEach)));
    await complete;
    const seconds = (performance.now() - startedAt) / 1000;
    return { deliveries: number, seconds, cpuMs: cpuMs() - cpuMsBefore };
  }

  const { perSecond, figures } = await alternate(rounds, {
    "one node": async () => {
      await second.end();
      const measured = await deliver([first]);
      await second.start();
      return measured;
    },
    "two nodes": async () => await deliver([first, second]),
  });
  await Promise.all([first, second].map((node) => node.stop()));
  await cluster.close();
  receiver.close();
  return {
    figures: figures(),
    answers: [
      {
        question: `throughput of two nodes ÷ of one, to receivers that take ${ANSWER_MS / 1000} s`,
        goal: { atLeast: 1.6 },
        ratio: perSecond("two nodes") / perSecond("one node"),
      },
    ],
  };
}

/** Names of tenants, one for each shard. */
function tenantsOfShards(): readonly string[] {
  const names = new Map<number, string>();
  for (let number = 0; names.size < SHARDS; number += 1) {
    names.set(shardOf(`tenant-${number}`) % SHARDS, `tenant-${number}`);
  }
  return [...names.values()];
}
