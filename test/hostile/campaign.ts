/**
 * The long campaign: `node test/hostile/campaign.ts --attempts 20000`, on a machine that has nothing else to
 * do. One sender calls every hostile receiver again and again; they live in a process of their own. It fails
 * if an attempt ends late or comes to something else than the table says, or if memory or descriptors grow.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createGuard } from "../../server/src/outbound/guard.ts";
import { createHttpSender, type HttpSender } from "../../server/src/outbound/http-sender.ts";
import { inShort } from "../../server/src/outbound/receiver-fixture.ts";
import { type HostileReceiver, isExpectedInCrowd, urlOf } from "./hostile-receiver.ts";
import { bytesInUse } from "./memory.ts";
import { HOSTILE_RECEIVERS } from "./receivers.ts";

const { values } = parseArgs({ options: { attempts: { type: "string", default: "20000" } } });

const AT_ONCE = 20;
const DEADLINE_MS = 300;
const PATIENT_MS = 20_000;
const LATE_MS_MAX = 250;
// In use, after garbage is gone: an answer that stayed is 64 KB. And what the machine gives the process.
const KEPT_BYTES_MAX = 5_000_000;
const GROWTH_BYTES_MAX = 100_000_000;
const DESCRIPTORS_MORE_MAX = 64;

// One for all: what is measured is the sender.
const PAYLOAD = Buffer.alloc(Math.max(...HOSTILE_RECEIVERS.map(({ payloadBytes = 0 }) => payloadBytes)));

interface Target {
  readonly receiver: HostileReceiver;
  readonly url: string;
}

interface End {
  readonly does: string;
  readonly lateMs: number;
}

/** What was seen of all attempts. */
interface Seen {
  readonly ends: End[];
  readonly surprises: string[];
}

async function startReceivers(): Promise<readonly Target[]> {
  const program = fileURLToPath(new URL("receivers-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  const ports: readonly number[] = JSON.parse(String(line));
  child.unref();
  return HOSTILE_RECEIVERS.map((receiver, place) => ({
    receiver,
    url: urlOf(receiver, `http://127.0.0.1:${ports[place]}/`),
  }));
}

async function attack(sender: HttpSender, targets: readonly Target[], attempts: number): Promise<Seen> {
  const seen: Seen = { ends: [], surprises: [] };
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < attempts) {
      const target = targets[next % targets.length];
      next += 1;
      if (target !== undefined) {
        await attempt(sender, target, seen);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return seen;
}

async function attempt(sender: HttpSender, { receiver, url }: Target, seen: Seen): Promise<void> {
  const { lasts = false, payloadBytes = 1_000 } = receiver;
  const timeoutMs = lasts ? DEADLINE_MS : PATIENT_MS;
  const startedAt = performance.now();
  const sent = await sender.send({
    method: "POST",
    url,
    headers: {},
    payload: PAYLOAD.subarray(0, payloadBytes),
    timeoutMs,
    tenantId: "ten_1",
  });
  seen.ends.push({ does: receiver.does, lateMs: performance.now() - startedAt - timeoutMs });
  const outcome = inShort(sent);
  if (!isExpectedInCrowd(receiver, outcome)) {
    seen.surprises.push(`a receiver that ${receiver.does} came to ${outcome}`);
  }
}

function descriptors(): number {
  return process.platform === "linux"
    ? readdirSync("/proc/self/fd").length
    : process.getActiveResourcesInfo().length;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

async function campaign(attempts: number): Promise<boolean> {
  const targets = await startReceivers();
  const guard = createGuard({ allow: ["127.0.0.0/8"] });
  const sender = createHttpSender({
    guard,
    userAgent: "Posthorn/0",
    now: () => performance.now(),
    idleMax: 16,
  });
  // The first attempts fill what is filled once.
  await attack(sender, targets, Math.ceil(attempts / 10));
  const before = { kept: bytesInUse(), rss: process.memoryUsage().rss, descriptors: descriptors() };
  const { ends, surprises } = await attack(sender, targets, attempts);
  const kept = bytesInUse() - before.kept;
  const growth = process.memoryUsage().rss - before.rss;
  const more = descriptors() - before.descriptors;
  await sender.close(0);

  const sorted = ends.toSorted((one, other) => one.lateMs - other.lateMs);
  const latest = sorted.at(-1);
  const lateMs = latest?.lateMs ?? Infinity;
  const p99 = sorted[Math.floor(sorted.length * 0.99)]?.lateMs ?? 0;
  for (const surprise of [...new Set(surprises)].slice(0, 10)) {
    console.log(`  surprise: ${surprise}`);
  }
  console.log(
    `${attempts} attempts at ${targets.length} hostile receivers: the latest ended ${lateMs.toFixed(0)} ms ` +
      `after its deadline, at one that ${latest?.does} (p99 ${p99.toFixed(0)} ms); ` +
      `${megabytes(kept)} more are kept, the process grew by ${megabytes(growth)}; ` +
      `${more} more descriptors; ${surprises.length} came to something else`,
  );
  const isWithin = kept < KEPT_BYTES_MAX && growth < GROWTH_BYTES_MAX && more <= DESCRIPTORS_MORE_MAX;
  return isWithin && lateMs <= LATE_MS_MAX && surprises.length === 0;
}

process.exitCode = (await campaign(Number(values.attempts))) ? 0 : 1;
process.exit();
