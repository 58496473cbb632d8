import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import type { ArrivingMark } from "../move-marks.ts";
import { MOVED_TABLES, type MovedTable } from "./moved-tables.ts";
import { nextStepOf } from "./next-step.ts";
import type { Source } from "./source.ts";
import type { TableDigest } from "./table-digest.ts";
import type { Target } from "./target.ts";

/** How far a move is. */
export interface MoveProgress {
  readonly doing: "copying" | "comparing";
  readonly table: string;
  /** Of all tables, so far and altogether. */
  readonly rows: number;
  readonly of: number;
}

export interface MovedTableReport extends TableDigest {
  readonly table: string;
}

export interface MoveOptions {
  readonly source: Source;
  readonly target: Target;
  /** What the file calls the target from now on: without user and password. */
  readonly to: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly onProgress: (progress: MoveProgress) => void;
}

/** What both databases have in common at the end; undefined: they were at the end before. */
export type MoveResult = readonly MovedTableReport[] | undefined;

const ID_BYTES = 16;

/**
 * Moves everything that is in a file into an empty database, or goes on where a move of them ended, however
 * it ended. Each chunk is one transaction, and so is how far it has come. When all is there and was compared,
 * the file says first that it was moved, and the other one then that it may be served: at no moment could
 * both be. Throws, with what to do, if something is in the way.
 */
export async function move(options: MoveOptions): Promise<MoveResult> {
  const { source, target, to, clock } = options;
  const found = await find(options);
  if (found.step === "nothing") {
    return undefined;
  }
  const begun = found.step === "begin" ? await begin(options) : found.arriving;
  // Whoever opens it from now on is refused; whoever opened it before is found.
  await target.assertUnopened();
  const shardCount = await target.prepare(source.readWeeks(), clock.now());
  const counted = createCount(options);
  const copied = await copy(options, { begun, shardCount, counted });
  const places = source.readPlaces();
  await target.place(places);
  const report = await compare(options, { shardCount, counted });
  await target.assertPlaced(places);
  const movedAt = clock.now();
  source.writeMark({ id: copied.id, to, movedAt });
  await target.finish({ seen: copied, next: { ...copied, readyAt: movedAt } });
  return report;
}

/** Counts what a move would copy, and changes nothing. Throws as `move` would. */
export async function planMove(options: Databases): Promise<readonly CountedTable[]> {
  await find(options);
  return MOVED_TABLES.map((table) => ({ table: table.name, rows: options.source.rows.count(table) }));
}

type Databases = Pick<MoveOptions, "source" | "target">;

export interface CountedTable {
  readonly table: string;
  readonly rows: number;
}

type Found =
  | { readonly step: "begin" }
  | { readonly step: "go_on" | "nothing"; readonly arriving: ArrivingMark };

/** Finds out what is to be done. Throws if something is in the way. */
async function find({ source, target }: Databases): Promise<Found> {
  await target.assertUsable();
  const arriving = await target.readMark();
  const step = nextStepOf(source.readMark(), arriving);
  if (arriving?.copied === undefined) {
    await target.assertEmpty();
    await target.assertUnopened();
  }
  return step === "begin" || arriving === undefined ? { step: "begin" } : { step, arriving };
}

/** The file comes first: from then on nobody serves it, whatever becomes of the other one. */
async function begin({ source, target, to, clock, random }: MoveOptions): Promise<ArrivingMark> {
  const id = Buffer.from(random.bytes(ID_BYTES)).toString("hex");
  source.writeMark({ id, to, movedAt: undefined });
  const mark = { id, from: source.path, copied: undefined, readyAt: undefined };
  await target.begin(mark, clock.now());
  return mark;
}

interface Course {
  readonly shardCount: number;
  readonly counted: Count;
}

async function copy(
  { source, target }: MoveOptions,
  { begun, shardCount, counted }: Course & { readonly begun: ArrivingMark },
): Promise<ArrivingMark> {
  let mark = begun;
  const first = Math.max(
    0,
    MOVED_TABLES.findIndex(({ name }) => name === begun.copied?.table),
  );
  counted.goOn("copying", begun.copied?.rows ?? 0);
  for (const table of MOVED_TABLES.slice(first)) {
    for (;;) {
      const after = mark.copied?.table === table.name ? mark.copied.key : undefined;
      const chunk = source.rows.readChunk(table, after, shardCount);
      if (chunk === undefined) {
        break;
      }
      const rows = (mark.copied?.rows ?? 0) + chunk.rows.length;
      const next = { ...mark, copied: { table: table.name, key: chunk.key, rows } };
      await target.write({ seen: mark, next, table, chunk });
      mark = next;
      counted.add(table, chunk.rows.length);
    }
  }
  return mark;
}

/** Compares the tables of both by counts and hashes. Throws if one differs: nothing may be served then. */
async function compare(
  { source, target }: MoveOptions,
  { shardCount, counted }: Course,
): Promise<readonly MovedTableReport[]> {
  const report: MovedTableReport[] = [];
  const differing: string[] = [];
  counted.goOn("comparing", 0);
  for (const table of MOVED_TABLES) {
    const there = await target.digest(table, (rows) => counted.add(table, rows));
    const here = source.rows.digest(table, shardCount);
    report.push({ table: table.name, ...here });
    if (there.rows !== here.rows || there.hash !== here.hash) {
      differing.push(`${table.name} has ${here.rows} rows here and ${there.rows} there, with other contents`);
    }
  }
  if (differing.length > 0) {
    throw new Error(
      `what arrived is not what left, and neither database may be served: ${differing.join("; ")}. ` +
        "Give the move up and begin anew with an empty database",
    );
  }
  return report;
}

interface Count {
  goOn(doing: MoveProgress["doing"], rows: number): void;
  add(table: MovedTable, rows: number): void;
}

function createCount({ source, onProgress }: MoveOptions): Count {
  const of = MOVED_TABLES.reduce((sum, table) => sum + source.rows.count(table), 0);
  let doing: MoveProgress["doing"] = "copying";
  let rows = 0;
  return {
    goOn(next, from) {
      doing = next;
      rows = from;
    },
    add(table, count) {
      rows += count;
      onProgress({ doing, table: table.name, rows, of });
    },
  };
}
