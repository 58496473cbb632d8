/**
 * Measures what it takes to find a tenant's few events among those of everybody else, without the directory
 * and with it: `node bench/sparse.ts`, with `--events 1000000` and `--wanted 50`.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DEFAULT_LIMITS } from "../server/src/engine/limits.ts";
import { emptyFacts } from "../server/src/facts.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import { systemRandom } from "../server/src/random.ts";
import type { Lease } from "../server/src/store.ts";
import { submitted } from "../server/src/stores/conformance/samples.ts";
import { openSqliteStore } from "../server/src/stores/sqlite/open.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    wanted: { type: "string", default: "50" },
  },
});

const EVENTS = Number(values.events);
const WANTED = Number(values.wanted);
const AT_ONCE = 1000;
const OTHERS = 50;
const TYPES = 20;
const DATA = new TextEncoder().encode(JSON.stringify({ text: "x".repeat(180) }));

/** What one question cost. */
interface Cost {
  readonly found: number;
  readonly pages: number;
  readonly cpuMs: number;
}

const folder = mkdtempSync(join(tmpdir(), "posthorn-sparse-"));
const path = join(folder, "sparse.db");
// Every batch comes a tenth of a second after the one before.
let now = Date.parse("2026-01-01T00:00:00Z");
const stores = openSqliteStore({
  path,
  clock: { now: () => now, monotonic: () => now, after: () => ({ cancel() {} }) },
  random: systemRandom,
  onFatal(error) {
    throw error;
  },
});

try {
  await measure();
} finally {
  await stores.close();
  rmSync(folder, { recursive: true });
}

async function measure(): Promise<void> {
  const lease = await stores.takeLease(0);
  const tenants = await makeTenants(OTHERS + 1);
  const events: StoredEvent[] = [];
  for (let batch = 0; batch < EVENTS / AT_ONCE; batch += 1) {
    now += 100;
    events.push(...(await appendBatch(tenants, batch)));
  }
  await stores.scrub();
  const bytes = statSync(path).size;
  const mine = tenants.at(-1) ?? 0;
  const without = await askAll(mine);
  const cpu = await cpuMsOf(() => writeDirectory(lease, events));
  await stores.scrub();
  const withIt = await askAll(mine);

  const perEvent = (sum: number) => (sum / events.length).toFixed(2);
  console.log(
    `${events.length} events, ${WANTED} of them wanted; a page is of ${DEFAULT_LIMITS.pageEventsMax} looks`,
  );
  const takes = `${perEvent(statSync(path).size - bytes)} bytes and ${perEvent(cpu * 1000)} us of CPU`;
  console.log(`the directory takes ${takes} an event`);
  for (const [question, before] of Object.entries(without)) {
    const after = withIt[question];
    if (after === undefined || after.found !== before.found) {
      throw new Error(
        `${question}: ${before.found} were found without the directory, ${after?.found} with it`,
      );
    }
    const told = ({ pages, cpuMs }: Cost) => `${pages} pages, ${cpuMs.toFixed(1)} ms of CPU`;
    console.log(`${question}: ${before.found} found; without it ${told(before)}; with it ${told(after)}`);
  }
}

async function makeTenants(count: number): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const draft = { id: `ten_${index}`, name: `${index}`, contract: undefined, shard: 0, createdAt: now };
    numbers.push((await stores.createTenant(draft))?.number ?? 0);
  }
  return numbers;
}

/** Appends everybody's events; now and then one of the last tenant's is among them. */
async function appendBatch(tenants: readonly number[], batch: number): Promise<readonly StoredEvent[]> {
  const isRare = batch % Math.max(1, Math.floor(EVENTS / AT_ONCE / WANTED)) === 0;
  const submissions = Array.from({ length: OTHERS }, (_, index) => ({
    tenant: tenants[isRare && index === 0 ? OTHERS : index] ?? 0,
    events: Array.from({ length: isRare && index === 0 ? 1 : AT_ONCE / OTHERS }, (__, number) =>
      submitted({
        type: `resource_${(batch + number) % TYPES}.updated`,
        subject: `customer ${(batch * AT_ONCE + number) % 10_000}`,
        data: DATA,
      }),
    ),
    key: undefined,
    keysExpireAt: 0,
  }));
  const { results } = await stores.append(0, submissions);
  return results.flatMap((result) => (result.kind === "accepted" ? result.stored : []));
}

async function writeDirectory(lease: Lease, events: readonly StoredEvent[]): Promise<void> {
  const size = DEFAULT_LIMITS.directoryBlockEvents;
  for (let start = 0; start + size <= events.length; start += size) {
    const own = events.slice(start, start + size);
    const block = { after: events[start - 1]?.offset ?? 0, to: own.at(-1)?.offset ?? 0, events: own };
    await stores.flush(lease, { ...emptyFacts(0, 0), directory: [block] });
  }
}

async function askAll(tenant: number): Promise<Record<string, Cost>> {
  const { head: to } = await stores.readHead(0);
  const bounds = { lease: 0, to, limit: DEFAULT_LIMITS.pageEventsMax, bytesMax: DEFAULT_LIMITS.pageBytesMax };
  return {
    "a lane's backlog": await ask(async (after) => {
      const { events, scannedTo } = await stores.readLog({ ...bounds, tenant, after });
      return { count: events.length, next: scannedTo < to ? scannedTo : undefined };
    }),
    "a list of one type": await ask(async (before) => {
      const page = await stores.listEvents({
        tenant,
        type: "resource_0.updated",
        ...(before === 0 ? {} : { before }),
        limit: bounds.limit,
        scanMax: bounds.limit,
      });
      return { count: page.events.length, next: page.next };
    }),
    "an erasure of a subject": await ask(async (after) => {
      const query = { ...bounds, tenant, subject: "customer 0", from: after + 1 };
      const { offsets, scannedTo } = await stores.findErasable(query);
      return { count: offsets.length, next: scannedTo < to ? scannedTo : undefined };
    }),
  };
}

/** Asks for page after page. */
async function ask(
  page: (place: number) => Promise<{ readonly count: number; readonly next: number | undefined }>,
): Promise<Cost> {
  let found = 0;
  let pages = 0;
  const cpuMs = await cpuMsOf(async () => {
    for (let place: number | undefined = 0; place !== undefined; pages += 1) {
      const { count, next } = await page(place);
      found += count;
      place = next;
    }
  });
  return { found, pages, cpuMs };
}

async function cpuMsOf(what: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await what();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
