import { type Offset, offsetAt } from "../../../model/offset.ts";
import { Problem, type WrongMember } from "../../../problem.ts";

/** What spektr's list of events is asked for. */
export interface EventsQuery {
  /** From 1. */
  readonly page: number;
  readonly limit: number;
  /** Undefined: both. */
  readonly delivered: boolean | undefined;
  /** First offset wanted, and the first that is not. */
  readonly from: Offset | undefined;
  readonly before: Offset | undefined;
  readonly isOldestFirst: boolean;
}

const LIMIT_MAX = 50;
const PAGE_MAX = 1_000_000;

// The vendor says epoch, and not which: as milliseconds these are in 1973, as seconds in 5138.
const SECONDS_BELOW = 100_000_000_000;
const EPOCH_MAX = 8_640_000_000_000_000;

/** Reads a query. Throws the Problem `invalid_request` that names every parameter that is wrong. */
export function readEventsQuery(query: unknown): EventsQuery {
  const given = new Map<string, unknown>(typeof query === "object" ? Object.entries({ ...query }) : []);
  const wrong: WrongMember[] = [];

  function read<Value>(name: string, allowed: string, valueOf: (text: string) => Value | undefined) {
    const text = given.get(name);
    given.delete(name);
    const value = typeof text === "string" ? valueOf(text) : undefined;
    if (text !== undefined && value === undefined) {
      const shown = typeof text === "string" ? JSON.stringify(text.slice(0, 32).toWellFormed()) : "several";
      wrong.push({ pointer: `?${name}`, detail: `must be ${allowed}, got ${shown}` });
    }
    return value;
  }

  const epoch = "milliseconds or seconds since 1970";
  const after = read("createdAfter", epoch, millisecondsIn);
  const before = read("createdBefore", epoch, millisecondsIn);
  const page = read("page", `a whole number from 1 to ${PAGE_MAX}`, (text) => numberIn(text, PAGE_MAX));
  const limit = read("limit", `a whole number from 1 to ${LIMIT_MAX}`, (text) => numberIn(text, LIMIT_MAX));
  const delivered = read("delivered", "true or false", (text) => WORDS.get(text));
  const order = read("sortOrder", "asc or desc", (text) => ORDERS.get(text));
  read("sortBy", "createdAt", (text) => (text === "createdAt" ? text : undefined));
  for (const name of given.keys()) {
    wrong.push({ pointer: `?${name.slice(0, 32).toWellFormed()}`, detail: "is not known here" });
  }
  if (wrong.length > 0) {
    throw new Problem("invalid_request", "Parameters are not as they must be.", wrong);
  }
  return {
    page: page ?? 1,
    limit: limit ?? 10,
    delivered,
    // createdAfter itself is left out, createdBefore is not.
    from: after === undefined ? undefined : offsetAt(after + 1),
    before: before === undefined ? undefined : offsetAt(before + 1),
    isOldestFirst: order ?? false,
  };
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

const ORDERS: ReadonlyMap<string, boolean> = new Map([
  ["asc", true],
  ["desc", false],
]);

function numberIn(text: string, max: number): number | undefined {
  const number = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : Number.NaN;
  return number <= max ? number : undefined;
}

function millisecondsIn(text: string): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= EPOCH_MAX)) {
    return undefined;
  }
  return number < SECONDS_BELOW ? number * 1000 : number;
}
