/** `posthorn move`, as a person uses it: what a server on a file had, one over PostgreSQL has. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  type Databases,
  makeDatabases,
  NO_POSTGRES,
} from "../../server/src/stores/postgres/databases-fixture.ts";
import { temporaryFolder } from "../crash/temporary-folder.ts";
import {
  type DeliveryShape,
  type EndpointShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "../e2e/installation.ts";
import { type Receiver, type Reply, startReceiver } from "../e2e/receiver.ts";
import { makeEndpoint, type Place, postEvents } from "../e2e/steps.ts";
import { findPostgres } from "../postgres/find-postgres.ts";

const CLI = join(import.meta.dirname, "../../server/src/cli.ts");

const KEYS = {
  POSTHORN_ADMIN_KEY: "the-admin-key-of-the-journeys-0001",
  POSTHORN_MASTER_KEY: Buffer.alloc(32, "journeys").toString("base64"),
};

// Long enough that only a person brings it forward.
const LATER = { retry: { delays_ms: [3_600_000], jitter: 0 } };

/** What every contract takes for a good answer. */
const TAKEN: Reply = { status: 200, body: '{"outcome":"sent"}' };

const OPERATOR = "/v1/tenants/posthorn";

const postgres = await findPostgres();

interface OwedShape extends DeliveryShape {
  readonly endpoint_id: string;
}

interface ReplayShape {
  readonly id: string;
  readonly state: string;
}

/** Runs the command in an environment of its own. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = KEYS) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    env: { PATH: process.env["PATH"], POSTHORN_PORT: "1", ...env },
    // Where no file with contracts of the repository's lies.
    cwd: dirname(CLI),
    encoding: "utf8",
    timeout: 300_000,
  });
  return { status, stdout, stderr };
}

describe("posthorn move", { concurrency: 1, skip: postgres === undefined && NO_POSTGRES }, () => {
  let databases: Databases;
  let posthorn: Installation;
  let receiver: Receiver;
  const folder = temporaryFolder("move-command");
  const file = `sqlite:${join(folder.path, "posthorn.db")}`;

  before(async () => {
    databases = await makeDatabases(postgres ?? "", Date.now());
    receiver = await startReceiver();
    receiver.answer(() => ({ status: 200 }));
    posthorn = await install({ env: { ...KEYS, POSTHORN_DATABASE_URL: file } });
  });
  after(async () => {
    await posthorn.close();
    await receiver.close();
    await databases.close();
    folder[Symbol.dispose]();
  });

  async function get<Shape>(path: string): Promise<Shape> {
    const { status, json } = await posthorn.call<Shape>("GET", path);
    assert.equal(status, 200, path);
    return json;
  }

  async function post<Shape = unknown>(path: string, body?: object): Promise<Shape> {
    const { status, json } = await posthorn.call<Shape>("POST", path, body);
    assert.ok(status < 300, `${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  }

  /** All that the API tells of a tenant, but what lanes do at the moment. */
  async function told(tenant: string) {
    const lists = ["events", "deliveries", "attempts", "endpoints", "replays", "event-types"] as const;
    const pages = await Promise.all(
      lists.map((list) => get<PageShape<object>>(`${tenant}/${list}?limit=100`)),
    );
    const { data: events } = await get<PageShape<EventShape>>(`${tenant}/events?limit=100`);
    return {
      pages: pages.map(({ data }) => data.map((each) => ({ ...each, lane: undefined }))),
      events: await Promise.all(events.map(({ id }) => get(`${tenant}/events/${id}`))),
      deliveries: await Promise.all(events.map(({ id }) => get(`${tenant}/events/${id}/deliveries`))),
    };
  }

  async function states(tenant: string, endpoint: string): Promise<readonly string[]> {
    const path = `${tenant}/deliveries?endpoint=${endpoint}&limit=100`;
    const { data } = await get<PageShape<DeliveryShape>>(path);
    return data.map(({ state }) => state).toSorted();
  }

  /** The numbers in what arrived at a path, since so many arrivals. */
  function arrivedAt(path: string, since = 0): readonly number[] {
    const here = receiver.arrivals.slice(since).filter((arrival) => arrival.path.startsWith(path));
    return here.flatMap(({ body }) => [...body.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n)));
  }

  /** What receivers answer, by the first part of their path; others take what comes. */
  const answers = new Map<string, Reply>();

  async function endpointAt(place: Place, path: string, body: object = {}): Promise<EndpointShape> {
    const settings = path.includes(":name") ? { settings: { handshake: false } } : {};
    return await makeEndpoint(place, { url: `${receiver.url}${path}`, ...settings, ...body });
  }

  async function postNumbers(place: Place, type: string, numbers: readonly number[]) {
    const data = numbers.map((n) => ({ type, subject: `${n}`, data: { n, customer: { shopid: "1" } } }));
    return (await postEvents<PageShape<EventShape>>(place, data)).data;
  }

  /** Tenants with something of everything that waits for longer than the test takes. */
  async function prepare() {
    receiver.answer(({ path }) => answers.get(path.split("/")[1] ?? "") ?? TAKEN);
    for (const path of ["waiting", "dead", "ordered", "batched", "disabled"]) {
      answers.set(path, { status: 500 });
    }
    const standard = { posthorn, tenant: await posthorn.tenant("standard") };
    const ordered = { posthorn, tenant: await posthorn.tenant("bubblehouse") };
    const batched = { posthorn, tenant: await posthorn.tenant("spektr") };
    await endpointAt({ posthorn, tenant: OPERATOR }, "/operator");
    const open = await endpointAt(standard, "/open");
    const waiting = await endpointAt(standard, "/waiting", LATER);
    const dead = await endpointAt(standard, "/dead", { retry: { delays_ms: [], jitter: 0 } });
    const disabled = await endpointAt(standard, "/disabled", LATER);
    const held = await endpointAt(ordered, "/ordered/:name");
    const frozen = await endpointAt(batched, "/batched", LATER);
    await post(`${standard.tenant}/endpoints/${waiting.id}/rotate-secret`, {});
    const first = await submitFirst(standard.tenant);
    const [second, third] = await postNumbers(standard, "client.updated", [2, 3]);
    await postNumbers(ordered, "Points Updated", [4, 5, 6]);
    await postNumbers(batched, "process_run_end", [7, 8]);
    await until("everything was tried", async () => {
      const all = [waiting, disabled, dead].map(({ id }) => states(standard.tenant, id));
      return (
        (await Promise.all(all)).join(" ") === "retrying,retrying,retrying ".repeat(2) + "dead,dead,dead"
      );
    });
    await until("lanes wait", () => arrivedAt("/ordered").length > 0 && arrivedAt("/batched").length > 1);
    await post(`${ordered.tenant}/endpoints/${held.id}/pause`);
    await until("the ordered lane is held", async () => {
      const { lane } = await get<EndpointShape>(`${ordered.tenant}/endpoints/${held.id}`);
      return lane.held_since !== null;
    });
    await post(`${standard.tenant}/endpoints/${disabled.id}/disable`);
    await posthorn.call("DELETE", `${standard.tenant}/events/${second?.id}`);
    const paused = await replayAll(standard.tenant, open);
    return { standard, ordered, batched, waiting, disabled, held, frozen, first, third, paused };
  }

  /** Makes one replay that ends, and one that is paused, whose id it returns. */
  async function replayAll(tenant: string, endpoint: EndpointShape): Promise<string> {
    const range = { endpoint: endpoint.id, since: "2020-01-01T00:00:00Z", only: "all" };
    const become = async (state: string, { id }: ReplayShape) =>
      await until(`a replay is ${state}`, async () => {
        return (await get<ReplayShape>(`${tenant}/replays/${id}`)).state === state;
      });
    await become("finished", await post<ReplayShape>(`${tenant}/replays`, range));
    const slow = await post<ReplayShape>(`${tenant}/replays`, { ...range, rate: 1 });
    await post(`${tenant}/replays/${slow.id}/pause`);
    await become("paused", slow);
    return slow.id;
  }

  async function submitFirst(tenant: string) {
    return await posthorn.post<EventShape>(`${tenant}/events`, {
      headers: { "content-type": "application/json", "idempotency-key": "the first" },
      body: '{"type":"client.updated","subject":"one","data":{"n":1}}',
    });
  }

  /** Stops the server, moves what it had, and starts one on that. */
  async function moveTo(url: string): Promise<void> {
    const move = ["move", "--from", file, "--to", url];
    await posthorn.restart({ env: { ...KEYS, POSTHORN_DATABASE_URL: url } }, () => {
      const wrongKey = { ...KEYS, POSTHORN_MASTER_KEY: Buffer.alloc(32, "another").toString("base64") };
      const refused = run(move, wrongKey);
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /secrets are sealed under the master key of the id/);
      const moved = run(move);
      assert.deepEqual([moved.status, moved.stderr], [0, ""]);
      assert.match(moved.stdout, /^TABLE +ROWS +HASH\ntenant +4 +[0-9a-f]{32}\n/);
      assert.match(moved.stdout, /only the new one may be served from now on\n$/);
    });
    const old = run(["serve"], { ...KEYS, POSTHORN_DATABASE_URL: file });
    assert.equal(old.status, 1);
    assert.match(old.stderr, /posthorn\.db was moved to postgres:\/\/.* at 2.*: set POSTHORN_DATABASE_URL/);
    assert.match(run(move).stdout, /everything was moved before/);
    assert.equal(run([...move, "--json"]).stdout, '{"state":"moved","tables":null}\n');
  }

  /** Asks for everything that waits, now that its receivers are mended. */
  async function hasten(prepared: Awaited<ReturnType<typeof prepare>>): Promise<void> {
    const { standard, ordered, batched, waiting, disabled, held, frozen, first, third, paused } = prepared;
    answers.clear();
    await post(`${ordered.tenant}/endpoints/${held.id}/resume`);
    const mended = { metadata: { mended: "yes" } };
    await posthorn.call("PATCH", `${batched.tenant}/endpoints/${frozen.id}`, mended);
    for (const event of [first.json, third]) {
      const owed = `${standard.tenant}/events/${event?.id}/deliveries`;
      const { data } = await get<PageShape<OwedShape>>(owed);
      const delivery = data.find(({ endpoint_id }) => endpoint_id === waiting.id);
      await post(`${standard.tenant}/deliveries/${delivery?.id}/retry`);
    }
    await post(`${standard.tenant}/replays/${paused}/resume`);
    await post(`${standard.tenant}/endpoints/${disabled.id}/enable`);
    await post(`${standard.tenant}/endpoints/${disabled.id}/recover`);
    await until("everything is delivered", async () => {
      const all = await Promise.all([
        states(ordered.tenant, held.id),
        states(batched.tenant, frozen.id),
        ...[waiting, disabled].map(({ id }) => states(standard.tenant, id)),
      ]);
      const isOver = (await get<ReplayShape>(`${standard.tenant}/replays/${paused}`)).state === "finished";
      return (
        isOver &&
        all
          .flat()
          .filter((state) => state !== "cancelled")
          .join() ===
          "delivered,".repeat(8) + "delivered"
      );
    });
  }

  test("takes everything along, and the next server goes on with it", async (t) => {
    const prepared = await prepare();
    const { standard, ordered, batched, first } = prepared;
    const tenants = [standard.tenant, ordered.tenant, batched.tenant, OPERATOR];
    const { url, drop } = await databases.createEmpty();
    t.after(drop);
    const move = ["move", "--from", file, "--to", url];
    const counted = run([...move, "--dry-run", "--json"]);
    assert.deepEqual([counted.status, counted.stderr], [0, ""]);
    const { state, tables } = JSON.parse(counted.stdout);
    assert.equal(state, "counted");
    const rowsOf = (name: string) => tables.find(({ table }: { table: string }) => table === name)?.rows;
    assert.ok(rowsOf("event") >= 8 && rowsOf("lane") >= 2 && rowsOf("gap") >= 1, counted.stdout);
    assert.match(run(move).stderr, /posthorn\.db is in use/);
    const toldBefore = await Promise.all(tenants.map(told));
    const sent = receiver.arrivals.length;

    await moveTo(url);

    assert.deepEqual(await Promise.all(tenants.map(told)), toldBefore);
    assert.equal(receiver.arrivals.length, sent, "nothing was due, and nothing was sent");
    assert.deepEqual(await submitFirst(standard.tenant), first);
    await hasten(prepared);
    assert.deepEqual(arrivedAt("/ordered", sent), [4, 5, 6]);
    assert.deepEqual(arrivedAt("/batched", sent), [7, 8]);
    assert.deepEqual(
      arrivedAt("/waiting", sent).toSorted((a, b) => a - b),
      [1, 3],
    );
    assert.deepEqual(
      arrivedAt("/disabled", sent).toSorted((a, b) => a - b),
      [1, 3],
    );
    assert.deepEqual(arrivedAt("/dead", sent), []);
  });

  test("says what is wrong with how it is called", () => {
    const to = "postgres://db.example/posthorn";
    const cases = [
      [["--to", to], 2, /takes --from sqlite:/],
      [["--from", to, "--to", file], 2, /There is no way back/],
      [["--from", file], 2, /takes --to postgres:/],
      [["--from", file, "--to", "sqlite:other.db"], 2, /takes --to postgres:/],
      [["--from", file, "--to", to, "--force"], 2, /--force/],
      [["--from", "sqlite:none.db", "--to", to], 1, /there must be a database at none\.db/],
      [["--from", "sqlite:none.db", "--give-up"], 1, /there must be a database at none\.db/],
    ] as const;
    for (const [args, status, says] of cases) {
      const ended = run(["move", ...args]);
      assert.equal(ended.status, status, ended.stderr);
      assert.match(ended.stderr, says);
    }
    const { POSTHORN_MASTER_KEY: _, ...withoutKey } = KEYS;
    const keyless = run(["move", "--from", file, "--to", to], withoutKey);
    assert.match(keyless.stderr, /POSTHORN_MASTER_KEY is not set/);
  });
});
