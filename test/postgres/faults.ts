/** What goes wrong with nodes, their database, and the lines between. Each returns when it is over. */
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import type { Cluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { LEASE_MS } from "../crash/lease-time.ts";
import type { Run } from "../crash/one-life.ts";
import type { Line } from "./database-proxy.ts";

import type { Node, Nodes } from "./nodes.ts";

export interface Ground {
  readonly run: Run;
  readonly nodes: Nodes;
  /** The cluster that takes writes now. */
  primary(): Cluster;
  /** All lines lead to another cluster from now on. */
  moveTo(cluster: Cluster): Promise<void>;
}

export type Fault = (ground: Ground) => Promise<void>;

// Longer than any lease is held by a node that cannot renew it.
const BEYOND_LEASE_MS = 2 * LEASE_MS;
const A_WHILE_MS = 2000;

export const FAULTS = {
  killedNode: async (ground) => {
    someNode(ground).life().kill();
  },
  drainedNode: async (ground) => {
    const life = someNode(ground).life();
    life.terminate();
    await life.ended;
  },
  suspendedNode: async (ground) => {
    const life = someNode(ground).life();
    life.suspend();
    await setTimeout(BEYOND_LEASE_MS);
    const { receipts } = ground.run.receivers;
    for (const receipt of receipts.filter((each) => Math.floor(each.life) === life.number)) {
      ground.run.stoodStill.set(receipt.life, receipts.length);
    }
    life.wake();
  },
  crashedDatabase: async ({ primary }) => {
    await primary().kill();
    await primary().start();
  },
  promotedStandby: async ({ primary, moveTo }) => {
    const standby = await primary().follow();
    await asked(primary(), "ALTER SYSTEM SET synchronous_standby_names = '*'", RELOAD);
    await untilTrue(primary(), "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
    await setTimeout(A_WHILE_MS);
    await primary().kill();
    standby.promote();
    await moveTo(standby);
  },
  endedConnections: async ({ primary }) => {
    for (const giveUpAt = Date.now() + A_WHILE_MS; Date.now() < giveUpAt; ) {
      await asked(primary(), END_CONNECTIONS);
      await setTimeout(100);
    }
  },
  exhaustedConnections: async ({ primary }) => {
    const hogs: pg.Client[] = [];
    for (let isFull = false; !isFull; ) {
      const hog = new pg.Client({ connectionString: primary().urlOf("postgres") });
      hog.on("error", () => undefined);
      isFull = await hog.connect().then(
        () => hogs.push(hog) === 0,
        () => true,
      );
    }
    await hogs[0]?.query(END_CONNECTIONS);
    await setTimeout(A_WHILE_MS);
    await Promise.all(hogs.map((hog) => hog.end()));
  },
  readOnlyDatabase: async ({ primary }) => {
    await asked(primary(), "ALTER SYSTEM SET default_transaction_read_only = on", RELOAD);
    await setTimeout(BEYOND_LEASE_MS);
    await asked(primary(), "ALTER SYSTEM RESET default_transaction_read_only", RELOAD);
  },
  lockedTables: async ({ primary }) => {
    // Longer than a lock is waited for.
    await asked(primary(), "BEGIN", "LOCK TABLE retry", "SELECT pg_sleep(4)", "COMMIT");
  },
  silentLine: (ground) => during(ground, { kind: "silent" }, BEYOND_LEASE_MS),
  slowLine: (ground) => during(ground, { kind: "slow", delayMs: 200 }, 2 * A_WHILE_MS),
  cutLine: async (ground) => {
    someNode(ground).line.cut();
  },
  lostCommits: (ground) => {
    const isLost = (answer: Buffer) => answer.includes("COMMIT") && ground.run.chance.happens(0.5);
    return during(ground, { kind: "losing", isLost }, A_WHILE_MS);
  },
  lostAnswers: (ground) => {
    const isLost = () => ground.run.chance.happens(0.1);
    return during(ground, { kind: "losing", isLost }, A_WHILE_MS);
  },
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS).filter((name): name is FaultName =>
  Object.hasOwn(FAULTS, name),
);

const RELOAD = "SELECT pg_reload_conf()";
const END_CONNECTIONS =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'posthorn'";

/** A node that serves, if there is any. */
function someNode({ run, nodes }: Ground): Node {
  const serving = nodes.all.filter((node) => node.serves());
  const among = serving.length > 0 ? serving : nodes.all;
  const node = among[run.chance.below(among.length)];
  if (node === undefined) {
    throw new Error("there are nodes");
  }
  return node;
}

async function during(ground: Ground, line: Line, ms: number): Promise<void> {
  const node = someNode(ground);
  node.line.turn(line);
  await setTimeout(ms);
  node.line.turn({ kind: "open" });
}

async function asked(cluster: Cluster, ...statements: readonly string[]): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: cluster.urlOf("postgres") });
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const statement of statements) {
      ({ rows } = await client.query<Record<string, unknown>>(statement));
    }
    return rows;
  } finally {
    await client.end();
  }
}

const POLL_MS = 50;

async function untilTrue(cluster: Cluster, question: string): Promise<void> {
  for (;;) {
    const [row = {}] = await asked(cluster, question);
    if (Object.values(row as object)[0] === true) {
      return;
    }
    await setTimeout(POLL_MS);
  }
}
