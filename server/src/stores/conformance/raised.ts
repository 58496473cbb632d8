import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RaisedEvent, StoredEvent } from "../../model/event.ts";
import { endpointDraft, factsOf, sampleConfig, submitted } from "./samples.ts";
import { createEndpoint, type Open, type Setup, START, setUp } from "./setup.ts";

/** Events that the server itself tells of: stored with what they are about, or not at all. */
export function describeRaised(open: Open): void {
  describe("what a change of an endpoint raises", () => describeOfChanges(open));
  describe("what a flush raises", () => describeOfFlushes(open));
}

async function setUpRaising(open: Open, t: Parameters<Open>[1]) {
  const setup = await setUp(open, t);
  const endpoint = await createEndpoint(setup.stores, endpointDraft(setup.tenant.number));
  const place = { tenant: setup.tenant.number, endpoint: endpoint.number, now: START };
  const raised = (type: string, key?: string): RaisedEvent => ({
    tenant: setup.other.number,
    endpoint: endpoint.number,
    event: submitted({ type, subject: "s" }).event,
    key,
  });
  const types = async () => (await logOf(setup)).map(({ type }) => type);
  return { ...setup, endpoint, place, raised, types };
}

async function logOf({ stores }: Setup): Promise<readonly StoredEvent[]> {
  const { head } = await stores.readHead(0);
  return (await stores.readLog({ lease: 0, after: 0, to: head, limit: 100, bytesMax: 1_000_000 })).events;
}

function describeOfChanges(open: Open): void {
  test("updateEndpoint() stores it after the change, for its own tenant", async (t) => {
    const setup = await setUpRaising(open, t);
    const { stores, place, raised, other } = setup;

    const changed = await stores.updateEndpoint({ ...place, state: "disabled", raises: raised("told") });

    const [event, ...more] = await logOf(setup);
    assert.ok(event);
    assert.equal(more.length, 0);
    const { offset, ...rest } = event;
    assert.deepEqual(rest, { ...raised("told").event, tenant: other.number, occurredAt: START });
    assert.equal(offset, (changed?.versions.at(-1)?.since ?? 0) + 1);
    assert.deepEqual(await stores.readHead(0), { head: offset, changes: 2 });
    assert.deepEqual(await stores.readEvent(other.number, offset), event);
  });

  test("updateEndpoint() stores nothing where the state stays, or nothing changes", async (t) => {
    const { stores, place, raised, types, endpoint } = await setUpRaising(open, t);
    const raises = raised("told");

    await stores.updateEndpoint({ ...place, config: sampleConfig({ description: "x" }), raises });
    await stores.updateEndpoint({ ...place, state: "enabled", raises });
    await stores.updateEndpoint({ ...place, state: "disabled", seen: 1, raises });
    await stores.updateEndpoint({ ...place, endpoint: endpoint.number + 1, state: "disabled", raises });

    assert.deepEqual(await types(), []);
    assert.equal((await stores.readEndpoint(endpoint.number))?.versions.at(-1)?.state, "enabled");
  });
}

function describeOfFlushes(open: Open): void {
  test("flush() stores what a disabling raises, once however often it is written", async (t) => {
    const { stores, lease, raised, types, endpoint } = await setUpRaising(open, t);
    const disabling = { endpoint: endpoint.number, reason: "status_410", raises: raised("told") };
    const facts = factsOf({ disabled: [disabling, disabling] });

    await stores.flush(lease, facts);
    await stores.flush(lease, facts);

    assert.deepEqual(await types(), ["told"]);
  });

  test("flush() stores nothing of a disabling that comes too late", async (t) => {
    const { stores, lease, place, raised, types, endpoint } = await setUpRaising(open, t);
    await stores.updateEndpoint({ ...place, state: "deleted" });

    const disabled = [{ endpoint: endpoint.number, reason: "status_410", raises: raised("told") }];
    await stores.flush(lease, factsOf({ disabled }));

    assert.deepEqual(await types(), []);
  });

  test("flush() stores what it raises, once however often and however late it is written", async (t) => {
    const { stores, lease, raised, types } = await setUpRaising(open, t);
    const first = factsOf({ flush: 1, raised: [raised("first", "a"), raised("second", "b")] });
    const later = factsOf({ flush: 3, raised: [raised("third", "c")] });

    const results = [];
    for (const facts of [first, first, later, first, later]) {
      results.push(await stores.flush(lease, facts));
    }

    assert.deepEqual(await types(), ["first", "second", "third"]);
    assert.deepEqual([...new Set(results)], ["flushed"]);
  });

  test("flush() stores what another owner raises under a number that there was before", async (t) => {
    const { stores, lease, raised, types } = await setUpRaising(open, t);
    const facts = factsOf({ flush: 1, raised: [raised("told", "a")] });
    await stores.flush(lease, facts);
    const next = await stores.takeLease(0);

    assert.equal(await stores.flush(lease, facts), "fenced");
    assert.equal(await stores.flush(next, facts), "flushed");

    assert.deepEqual(await types(), ["told", "told"]);
  });

  test("flush() raises nothing under an old epoch (invariant 7)", async (t) => {
    const { stores, lease, raised, types, endpoint } = await setUpRaising(open, t);
    await stores.takeLease(0);

    const disabled = [{ endpoint: endpoint.number, reason: "status_410", raises: raised("told") }];
    await stores.flush(lease, factsOf({ disabled, raised: [raised("dead", "a")] }));

    assert.deepEqual(await types(), []);
  });
}
