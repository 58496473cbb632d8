/**
 * An old transaction beside many deliveries: `node test/postgres/pinned-campaign.ts --deliveries 1000000`. So
 * many before it begins, as many while it is open, and as many after it; autovacuum is as PostgreSQL has it.
 */
import { parseArgs } from "node:util";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { type HotTable, type Phase, type PhaseName, pinnedRun } from "./pinned-run.ts";

const { values } = parseArgs({ options: { deliveries: { type: "string", default: "1000000" } } });

/** Of a flush's p99, while the transaction is open. */
const SLOWER_MAX = 5;
/** Of a hot table, once it has ended and so many were delivered again: to where it was. */
const LARGER_MAX = 3;

const cluster = await startCluster();
if (cluster === undefined) {
  throw new Error(NO_POSTGRES);
}
// Leaves nothing behind.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const { steady, pinned, released } = await pinnedRun({
  url: cluster.urlOf("postgres"),
  deliveries: Number(values.deliveries),
  flushesOfMinute: 1000,
  onPhase: tell,
});
await cluster.close();

const slower = pinned.flushP99Ms / steady.flushP99Ms;
const tables = Object.entries(released.bytesAtEnd).map(([table, bytes]) => ({
  table,
  larger: bytes / steady.bytes[table as HotTable],
}));
console.log(
  `flush p99 while an old transaction is open ÷ before: ${slower.toFixed(2)}, at most ${SLOWER_MAX}`,
);
for (const { table, larger } of tables) {
  console.log(`${table} after it ÷ before: ${larger.toFixed(2)}, at most ${LARGER_MAX}`);
}
process.exitCode = slower < SLOWER_MAX && tables.every(({ larger }) => larger <= LARGER_MAX) ? 0 : 1;

function kilobytesOf(bytes: number): number {
  return Math.round(bytes / 1024);
}

function tell(name: PhaseName, { flushP50Ms, flushP99Ms, bytes, bytesAtEnd, seconds }: Phase): void {
  const sizes = Object.entries(bytes).map(
    ([table, size]) =>
      `${table} ${kilobytesOf(size)} KB, ${kilobytesOf(bytesAtEnd[table as HotTable])} KB at the end`,
  );
  const times = `p50 ${flushP50Ms.toFixed(1)} ms, p99 ${flushP99Ms.toFixed(1)} ms`;
  console.log(
    `${name}: ${values.deliveries} deliveries in ${seconds.toFixed(0)} s; ${times}; ${sizes.join(", ")}`,
  );
}
