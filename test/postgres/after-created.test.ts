/**
 * An event that any node accepts after another answered `201 Created` reaches the endpoint, also when nodes,
 * owners among them, are killed in between: a thousand endpoints, each with one event of a type of its own.
 */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { ADMIN_KEY, type ApiAnswer, call, mustCall } from "../crash/api-calls.ts";
import { OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { seeded } from "../crash/seeded.ts";
import { createLives, type ServerLife } from "../crash/server-life.ts";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { findPostgres } from "./find-postgres.ts";

const url = await findPostgres();

const TIMES = 1000;
const AT_ONCE = 8;
const NODES = 3;
const TENANTS = 12;
/** So many endpoints after the last kill comes the next, between an endpoint's answer and its event. */
const KILL_EVERY = 80;

interface RunningNode {
  readonly life: ServerLife;
  readonly url: string;
}

async function setup(t: TestContext) {
  const databases = await makeDatabases(url ?? "", Date.now());
  const database = await databases.create();
  const lives = createLives();
  const receiver = await startReceiver();
  const nodes: RunningNode[] = [];
  t.after(async () => {
    await lives.close();
    await receiver.close();
    await database.drop();
    await databases.close();
  });
  const chance = seeded(seedOfTest());

  async function add(): Promise<void> {
    const instructions = { path: database.url, port: 0, adminKey: ADMIN_KEY } as const;
    const life = lives.begin({ ...instructions, crash: undefined, sabotage: undefined });
    const listening = await life.listening;
    assert.ok(listening, life.said());
    nodes.push({ life, url: listening });
  }

  function any(): RunningNode {
    const node = nodes[chance.below(nodes.length)];
    assert.ok(node);
    return node;
  }

  /** Makes a request at one node or another, until one has an answer. */
  async function insist(path: string, content: object, key?: string): Promise<ApiAnswer> {
    for (;;) {
      const request = { path, text: JSON.stringify(content), key };
      const answer = await call(any().url, "POST", request).catch(() => undefined);
      if (answer !== undefined && answer.status < 500) {
        return answer;
      }
    }
  }

  return { receiver, nodes, add, any, insist };
}

describe("over several nodes, what is accepted after 201 Created", {
  ...OF_RUNS,
  skip: OF_RUNS.skip || (url === undefined && NO_POSTGRES),
}, () => {
  test(`reaches the endpoint, ${TIMES} times, while nodes are killed`, async (t) => {
    const { receiver, nodes, add, any, insist } = await setup(t);
    while (nodes.length < NODES) {
      await add();
    }
    const tenantOf = (number: number) => `/v1/tenants/t${number % TENANTS}`;
    for (let number = 0; number < TENANTS; number += 1) {
      await mustCall(any().url, "POST", { path: "/v1/tenants", content: { id: `t${number}`, name: "T" } });
    }
    let next = 0;
    let kills = 0;
    let replacing: Promise<void> = Promise.resolve();

    /** Resolves when a node is killed; then another comes, before the next is. */
    function killOne(): Promise<void> {
      const killed = replacing.then(() => {
        nodes.splice(nodes.indexOf(any()), 1)[0]?.life.kill();
        kills += 1;
      });
      replacing = killed.then(add);
      return killed;
    }

    async function work(): Promise<void> {
      for (let number = next++; number < TIMES; number = next++) {
        const endpoint = { url: `${receiver.url}/${number}`, event_types: [`type.${number}`] };
        const created = await insist(`${tenantOf(number)}/endpoints`, endpoint);
        assert.equal(created.status, 201);
        if (number % KILL_EVERY === KILL_EVERY - 1) {
          await killOne();
        }
        const event = { type: `type.${number}`, data: {} };
        const accepted = await insist(`${tenantOf(number)}/events`, event, `key ${number}`);
        assert.equal(accepted.status, 202);
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await replacing;

    const arrived = () => new Set(receiver.arrivals.map(({ path }) => path));
    await until("all have arrived", () => arrived().size >= TIMES);
    t.diagnostic(`${kills} kills, ${receiver.arrivals.length} requests`);
    assert.equal(arrived().size, TIMES);
  });
});
