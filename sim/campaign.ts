/**
 * The long campaign: `node sim/campaign.ts --seeds 1..100000 [--processes 2] [--done seeds-done.txt]`. Ranges
 * of seeds are lived through by processes of their own; what failed is printed with the line that repeats
 * it. A range that ended without a failure is written into the file that `--done` names, and is passed over
 * when the campaign is started again.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1..100000" },
    processes: { type: "string", default: String(availableParallelism()) },
    done: { type: "string" },
  },
});

const RUN = fileURLToPath(new URL("run.ts", import.meta.url));
// Some minutes of work: what a campaign that is stopped does again.
const RANGE_SEEDS = 1000;

/** What a line of `--done` names. */
interface Range {
  readonly name: string;
  readonly seeds: number;
}

function rangesOf(text: string): readonly Range[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) {
    throw new Error(`--seeds must be two whole numbers as in 1..100000, got ${text}`);
  }
  const ranges: Range[] = [];
  for (let first = Number(from); first <= Number(to); first += RANGE_SEEDS) {
    const last = Math.min(first + RANGE_SEEDS - 1, Number(to));
    ranges.push({ name: `${first}..${last}`, seeds: last - first + 1 });
  }
  return ranges;
}

function rangesDone(): ReadonlySet<string> {
  const { done } = values;
  return new Set(done === undefined || !existsSync(done) ? [] : readFileSync(done, "utf8").split("\n"));
}

/** Lives through a range; returns whether nothing was wrong. */
async function live({ name }: Range): Promise<boolean> {
  const child = spawn(process.execPath, [RUN, "--seeds", name], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = (await once(child, "close")) as readonly unknown[];
  console.log(code === 0 ? `${name}: ${said.trim()}` : said);
  if (code === 0 && values.done !== undefined) {
    appendFileSync(values.done, `${name}\n`);
  }
  return code === 0;
}

async function campaign(processes: number): Promise<boolean> {
  const all = rangesOf(values.seeds);
  const known = rangesDone();
  const left = all.filter(({ name }) => !known.has(name));
  const before = all.length - left.length;
  const failed: Range[] = [];
  const work = async (): Promise<void> => {
    for (let range = left.shift(); range !== undefined; range = left.shift()) {
      if (!(await live(range))) {
        failed.push(range);
      }
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  const seeds = all.reduce((sum, range) => sum + range.seeds, 0);
  console.log(
    `seeds ${values.seeds}: ${seeds} lived through, of ${all.length} ranges ${before} before; ` +
      `failed: ${failed.map(({ name }) => name).join(", ") || "none"}`,
  );
  return failed.length === 0;
}

process.exitCode = (await campaign(Number(values.processes))) ? 0 : 1;
