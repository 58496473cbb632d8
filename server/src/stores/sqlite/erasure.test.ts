import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { systemRandom } from "../../random.ts";
import {
  bytesOf,
  factsOf,
  keyOf,
  sampleAttempt,
  storeEvents,
  submission,
  submitted,
} from "../conformance/samples.ts";
import { createTenant, START } from "../conformance/setup.ts";
import { createSubjectHash } from "../directory/subject-hash.ts";
import { migrate } from "./migrate.ts";
import { CREATE_ERASED, ERASE_KEY_HASHES } from "./queries/erasure.ts";
import { openInTemporaryFolder } from "./temporary.ts";

const CANARY = "canary-C01X00T47-";

const CLOCK = {
  now: () => START,
  monotonic: () => 0,
  after() {
    throw new Error("a store sets no timers");
  },
};

/** What begins with the canary, in every file beside the database, in its WAL and in what is free. */
function canariesIn(path: string): ReadonlySet<string> {
  const folder = dirname(path);
  const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
  return new Set(all.flatMap((text) => text.match(/canary-C01X00T47-[a-z]+-\d+/g) ?? []));
}

// Small ones share a page; the largest spills over into pages of their own.
const SIZES = [0, 50, 900, 5000, 30_000];

describe("an erasure in SQLite's files", () => {
  test("leaves nothing of an event, of answers to it, or of what it was asked by", async (t) => {
    const { stores, path, open } = openInTemporaryFolder({ clock: CLOCK, random: systemRandom }, t);
    const lease = await stores.takeLease(0);
    const { number: tenant } = await createTenant(stores, "acme");
    const offsets: number[] = [];
    for (let count = 0; count < 300; count += 1) {
      const pad = "x".repeat(SIZES[count % SIZES.length] ?? 0);
      const data = bytesOf(`"${CANARY}data-${count} ${pad}"`);
      const extensions = count % 2 === 0 ? undefined : { name: `${CANARY}extension-${count}` };
      const said = { subject: `${CANARY}subject-${count % 7}`, data, extensions };
      const event = submitted(said, keyOf(`key ${count}`));
      const { head } = await stores.append(0, [submission(tenant, [event])]);
      offsets.push(head);
      // Out of the order of their keys, so that pages are split and their rows moved.
      const attempts = [1, 2, 3].map((endpoint) =>
        sampleAttempt({
          offset: offsets[(count * 7) % offsets.length] ?? head,
          endpoint,
          number: count + 1,
          answer: bytesOf(`${CANARY}answer-${count} ${pad.slice(0, 4000)}`),
        }),
      );
      await stores.flush(lease, factsOf({ attempts }));
    }
    assert.ok(canariesIn(path).size > 300, "the canaries are there before");

    // In an order of its own, a few at a time: rows move when their neighbours shrink.
    const shuffled = offsets.toSorted((a, b) => ((a * 7919) % 1009) - ((b * 7919) % 1009));
    for (let start = 0; start < shuffled.length; start += 20) {
      await stores.requestErasure({ tenant, what: { subject: `${CANARY}subject-${start}` } });
      const [asked] = await stores.readErasures(0);
      const erasing = [
        { erasure: asked?.number ?? 0, tenant, offsets: shuffled.slice(start, start + 20), next: undefined },
      ];
      await stores.flush(lease, factsOf({ erasing }));
    }
    await stores.scrub();

    assert.deepEqual([...canariesIn(path)], []);
    await stores.close();
    assert.deepEqual(
      (await open().readEvents(0, offsets)).filter(({ data }) => data.length > 0),
      [],
    );
  });

  test("leaves no hash of a subject in the directory", async (t) => {
    const { stores, path } = openInTemporaryFolder({ clock: CLOCK, random: systemRandom }, t);
    const lease = await stores.takeLease(0);
    const { number: tenant } = await createTenant(stores, "acme");
    const drafts = Array.from({ length: 200 }, (_, count) => ({ subject: `customer ${count}` }));
    const events = await storeEvents(stores, tenant, drafts);
    const directory = [{ after: 0, to: events.at(-1)?.offset ?? 0, events }];
    await stores.flush(lease, factsOf({ directory }));
    const hash = createSubjectHash(stores.idKey);
    const hashes = Buffer.concat(
      events.slice(50, 60).map(({ subject }) => {
        const each = hash(subject ?? "");
        return Uint8Array.of(each, each >>> 8, each >>> 16);
      }),
    );
    await stores.scrub();
    assert.ok(isInFiles(path, hashes), "the hashes are there before");

    for (const { offset } of events) {
      const erasing = [{ erasure: 1, tenant, offsets: [offset], next: undefined }];
      await stores.flush(lease, factsOf({ erasing }));
    }
    // A flush whose outcome was unknown is written again.
    await stores.flush(lease, factsOf({ directory }));
    await stores.scrub();

    assert.ok(!isInFiles(path, hashes));
  });

  test("looks for what is erased by its offset, with each key that there is", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, 0);
    database.exec(CREATE_ERASED);

    const steps = database.prepare(`EXPLAIN QUERY PLAN ${ERASE_KEY_HASHES}`).all();

    assert.deepEqual(
      steps.map(({ detail }) => detail).filter((detail) => / erased /.test(String(detail))),
      ["SEARCH erased USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"],
    );
  });
});

function isInFiles(path: string, bytes: Buffer): boolean {
  const folder = dirname(path);
  return readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(bytes));
}
