/** Nodes over one database, in this process: each a whole server with an engine and an API of its own. */
import type { TestContext } from "node:test";
import { configOf } from "../../server/src/cli/config-given.ts";
import { type Server, startServer } from "../../server/src/main.ts";
import { SHARD_COUNT } from "../../server/src/model/tenant.ts";
import { shardOf } from "../../server/src/shard.ts";
import { makeDatabases } from "../../server/src/stores/postgres/databases-fixture.ts";
import type { ApiAnswer } from "../e2e/installation.ts";

export interface Node {
  readonly engine: Server["engine"];
  readonly url: string;
  readonly adminKey: string;
  call<Shape>(method: string, path: string, body?: unknown): Promise<ApiAnswer<Shape>>;
  /** Whether it delivers what belongs to a tenant. */
  owns(tenant: string): boolean;
  /** How many shards it owns, of as many as a tenant may have. */
  share(): number;
  stop(): Promise<void>;
}

export interface Nodes {
  add(): Promise<Node>;
}

const KEYS = {
  POSTHORN_ADMIN_KEY: "the-admin-key-of-the-nodes-tests-0001",
  POSTHORN_MASTER_KEY: Buffer.alloc(32, "nodes").toString("base64"),
};

/** Makes a database, whose nodes end with the test. */
export async function makeNodes(postgres: string, shards: number, t: TestContext): Promise<Nodes> {
  const databases = await makeDatabases(postgres, Date.now());
  const database = await databases.create();
  return nodesOver({ url: database.url, shards }, t, async () => {
    await database.drop();
    await databases.close();
  });
}

/** Makes nodes over a database that there is, which end with the test, before it does what comes `then`. */
export function nodesOver(
  { url, shards }: { readonly url: string; readonly shards: number },
  t: TestContext,
  then: () => Promise<void>,
): Nodes {
  const added: Node[] = [];
  t.after(async () => {
    await Promise.all(added.map((node) => node.stop()));
    await then();
  });
  const env = { ...KEYS, POSTHORN_DATABASE_URL: url, POSTHORN_SHARDS: `${shards}` };
  const config = { ...configOf({ ...env, POSTHORN_LOG_LEVEL: "silent" }), port: 0 };
  return {
    async add() {
      const node = nodeOf(await startServer({ config, isDevelopment: true, leaseMs: 3000 }));
      added.push(node);
      return node;
    },
  };
}

function nodeOf({ engine, url, stop }: Server): Node {
  let stopping: Promise<void> | undefined;
  return {
    engine,
    url,
    adminKey: KEYS.POSTHORN_ADMIN_KEY,
    async call(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${KEYS.POSTHORN_ADMIN_KEY}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, json: JSON.parse(text === "" ? "{}" : text) };
    },
    owns: (tenant) => engine.owns(shardOf(tenant)),
    share: () => Array.from({ length: SHARD_COUNT }, (_, shard) => engine.owns(shard)).filter(Boolean).length,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
