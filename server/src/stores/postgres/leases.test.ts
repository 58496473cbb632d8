import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { emptyFacts } from "../../facts.ts";
import { systemRandom } from "../../random.ts";
import { StoreUnavailable } from "../../store-unavailable.ts";
import { submitted } from "../conformance/samples.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openPostgresStore, type PostgresStore } from "./open.ts";

const databases = await findDatabases(Date.now());

const LONG_MS = 600_000;

/** Nodes over one database. */
async function setup(t: TestContext) {
  const created = await databases?.create();
  assert.ok(created);
  const opened: PostgresStore[] = [];
  t.after(async () => {
    await Promise.all(opened.map((stores) => stores.close()));
    await created.drop();
  });
  const open = async (leaseMs = LONG_MS) => {
    const ports = { clock: systemClock, random: systemRandom, shards: 4 };
    const stores = await openPostgresStore({ ...ports, url: created.url, leaseMs });
    opened.push(stores);
    return stores;
  };
  return { open, url: created.url };
}

describe("createLeases()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("a node has the lease of another when that one gives it up, and not before", async (t) => {
    const { open } = await setup(t);
    const first = await open();
    const second = await open();
    const lease = await first.takeLease(0);

    await assert.rejects(second.takeLease(0), StoreUnavailable);
    assert.equal(await first.renewLease(lease), "renewed");
    await first.releaseLease(lease);
    const taken = await second.takeLease(0);

    assert.equal(taken.epoch, lease.epoch + 1);
    assert.equal(await first.renewLease(lease), "fenced");
    assert.equal(await first.flush(lease, emptyFacts(1, 0)), "fenced");
    assert.equal(await second.flush(taken, emptyFacts(1, 0)), "flushed");
  });

  test("a lease that is renewed no more is free, and once it is claimed it is renewed no more", async (t) => {
    const { open } = await setup(t);
    const first = await open(1);
    const second = await open();
    const lease = await first.takeLease(0);

    let claimed: readonly number[] = [];
    while (!claimed.includes(0)) {
      claimed = [...claimed, ...(await second.sharing.claim([0]))];
    }

    assert.equal(await first.renewLease(lease), "fenced");
    assert.equal((await second.takeLease(0)).epoch, lease.epoch + 1);
    // Whoever gives up what it has lost takes it from nobody.
    await first.releaseLease(lease);
    assert.ok(!(await second.sharing.meet()).free.includes(0));
  });
});

describe("openPostgresStore()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("a node starts while another stands still in the middle of a flush", async (t) => {
    const { url, open } = await setup(t);
    await open();
    const flushing = openDatabase({ url, name: "tests", connectionsMax: 1 });

    await flushing.transaction(async (session) => {
      // Where it stands still, a busy machine must not end it.
      await session.run("SET LOCAL idle_in_transaction_session_timeout = 0");
      await session.run("UPDATE lease SET checkpoint = checkpoint");
      // Longer than `lock_timeout` this cannot wait.
      await open();
    });

    await flushing.close();
  });
});

describe("createSharing()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("claim() gives no lease to two nodes, however many claim at once", async (t) => {
    const { open } = await setup(t);
    const nodes = await Promise.all(Array.from({ length: 5 }, () => open()));

    const claimed = await Promise.all(nodes.map(({ sharing }) => sharing.claim([0, 1, 2])));

    assert.deepEqual(
      claimed.flat().toSorted((one, other) => one - other),
      [0, 1, 2],
    );
  });

  test("meet() counts who is there, until it leaves or is not heard of", async (t) => {
    const { open } = await setup(t);
    const first = await open();
    const second = await open();
    const gone = await open(1);
    assert.deepEqual(await first.sharing.meet(), {
      nodes: 1,
      free: [0, 1, 2, 3],
      watched: [],
      isPaused: false,
    });
    await gone.sharing.meet();
    await second.sharing.meet();
    await second.sharing.claim([0, 2, 3]);
    let meeting = await first.sharing.meet();
    while (meeting.nodes > 2) {
      meeting = await first.sharing.meet();
    }

    assert.deepEqual(meeting, { nodes: 2, free: [1], watched: [], isPaused: false });
    await second.sharing.leave();
    assert.equal((await first.sharing.meet()).nodes, 1);
  });

  test("what is to be told in another shard is news, as it was raised, until it is handed on", async (t) => {
    const { open } = await setup(t);
    const stores = await open();
    const draft = { id: "operator", name: "Operator", contract: undefined, shard: 1, createdAt: 1 };
    const tenant = (await stores.createTenant(draft))?.number ?? Number.NaN;
    const event = submitted({ subject: "endpoint 3", occurredAt: 5 }).event;
    const raised = { tenant, endpoint: 3, event, key: "held 3" };
    const lease = await stores.takeLease(0);
    const hasOutgoing = async () => (await stores.sharing.readNews([0, 1])).map((news) => news.hasOutgoing);

    await stores.flush(lease, { ...emptyFacts(0, 0), raised: [raised] });

    assert.deepEqual(await hasOutgoing(), [true, false]);
    const [outgoing, ...others] = await stores.sharing.readOutbox(0, 10);
    assert.deepEqual(others, []);
    const number = outgoing?.number ?? Number.NaN;
    assert.deepEqual(outgoing, { number, lease: 1, raised });
    await stores.flush(lease, { ...emptyFacts(0, 0), handedOn: [{ outgoing: number }] });
    assert.deepEqual(await hasOutgoing(), [false, false]);
  });

  test("what is asked is news until it is done, and is answered once", async (t) => {
    const { open } = await setup(t);
    const owner = await open();
    const asking = await open();
    const lease = await owner.takeLease(2);
    const isAsked = async () => (await owner.sharing.readNews([1, 2])).map((news) => news.isAsked);
    const number = await asking.sharing.ask(2, "this");
    assert.deepEqual(await isAsked(), [false, true]);
    assert.deepEqual(await owner.sharing.readAsked(2, 10), [{ number, what: "this" }]);
    const answered = (answer?: string) =>
      owner.flush(lease, { ...emptyFacts(0, 0), answered: [{ asked: number, answer }] });

    await answered();
    assert.deepEqual(await isAsked(), [false, false]);
    assert.deepEqual(await owner.sharing.readAsked(2, 10), []);
    assert.equal(await asking.sharing.takeAnswer(2, number), undefined);
    await answered("that");
    await answered();

    assert.equal(await asking.sharing.takeAnswer(2, number), "that");
    assert.equal(await asking.sharing.takeAnswer(2, number), undefined);
  });

  test("what is to be erased is news until it is erased", async (t) => {
    const { open } = await setup(t);
    const stores = await open();
    const lease = await stores.takeLease(2);
    const place = { contract: undefined, createdAt: 1, shard: 2 };
    const tenant = await stores.createTenant({ id: "told", name: "Told", ...place });
    assert.ok(tenant);
    const hasErasures = async () => (await stores.sharing.readNews([1, 2])).map((news) => news.hasErasures);
    assert.deepEqual(await hasErasures(), [false, false]);

    await stores.requestErasure({ tenant: tenant.number, what: { subject: "s" } });
    assert.deepEqual(await hasErasures(), [false, true]);
    const [{ number: erasure } = { number: 0 }] = await stores.readErasures(2);
    const step = { erasure, tenant: tenant.number, offsets: [], next: undefined };
    await stores.flush(lease, { ...emptyFacts(0, 0), erasing: [step] });
    assert.deepEqual(await hasErasures(), [false, false]);
  });

  test("a hint reaches the other nodes", async (t) => {
    const { open } = await setup(t);
    const first = await open();
    const second = await open();
    const hinted = Promise.withResolvers<number>();
    second.sharing.onHint(hinted.resolve);

    // Whoever does not listen yet misses it.
    const again = setInterval(() => first.sharing.hint(3), 20);
    t.after(() => clearInterval(again));

    assert.equal(await hinted.promise, 3);
  });

  test("a database keeps the shards that it was made with", async (t) => {
    const { open, url } = await setup(t);
    const first = await open();

    const other = openPostgresStore({ url, clock: systemClock, random: systemRandom, shards: 5 });

    await assert.rejects(other, /made with 4 shards, .* got POSTHORN_SHARDS=5/);
    assert.equal(first.leases().length, 4);
  });
});
