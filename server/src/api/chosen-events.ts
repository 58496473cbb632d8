import { isChosen, whereaboutsOf } from "../engine/replay-choice.ts";
import type { Gap } from "../model/delivery.ts";
import { factsByOffset } from "../model/delivery-state.ts";
import type { Endpoint } from "../model/endpoint.ts";
import { isErased } from "../model/erasure.ts";
import type { ListedEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import type { ReplayChoice } from "../model/range-replay.ts";
import { isSubscribed } from "../model/subscription.ts";
import type { ApiPorts } from "./ports.ts";

/** Both ends included. */
export interface Range {
  readonly from: Offset;
  readonly to: Offset;
}

export interface Choice {
  readonly only: ReplayChoice;
  /** Names or globs; undefined: every type. */
  readonly types: readonly string[] | undefined;
}

export interface Counted {
  readonly count: number;
  /** There is more than was looked at. */
  readonly isPartial: boolean;
}

const EVENTS_AT_ONCE = 500;
// Gaps that are looked into for a person who asks.
const GAPS_MAX = 1000;

/**
 * Counts what a replay of these ranges would deliver, in so many looks at the log. A page goes on through
 * what lies between them, so that many that are small and near cost no more than one.
 */
export async function countChosen(
  ports: ApiPorts,
  { endpoint, ranges, choice, scanMax }: CountQuery,
): Promise<Counted> {
  const end = ranges.at(-1)?.to ?? 0;
  let count = 0;
  let left = scanMax;
  for (let next = startIn(ranges, 0); next !== undefined; left -= EVENTS_AT_ONCE) {
    if (left <= 0) {
      return { count, isPartial: true };
    }
    const page = await ports.reader.listEvents({
      tenant: endpoint.tenant,
      types: choice.types,
      from: next,
      before: end + 1,
      isOldestFirst: true,
      limit: Math.min(EVENTS_AT_ONCE, left),
      scanMax: Math.min(EVENTS_AT_ONCE, left),
    });
    count += await countIn(ports, { endpoint, choice, events: page.events });
    next = page.next === undefined ? undefined : startIn(ranges, page.next + 1);
  }
  return { count, isPartial: false };
}

/** Returns the first place of ranges, which are in order, from an offset on. */
function startIn(ranges: readonly Range[], offset: Offset): Offset | undefined {
  const range = ranges.find(({ to }) => to >= offset);
  return range && Math.max(range.from, offset);
}

interface CountQuery {
  readonly endpoint: Endpoint;
  readonly ranges: readonly Range[];
  readonly choice: Choice;
  readonly scanMax: number;
}

async function countIn(
  { reader, contracts, clock }: ApiPorts,
  { endpoint, choice, events }: Pick<CountQuery, "endpoint" | "choice"> & { events: readonly ListedEvent[] },
): Promise<number> {
  if (events.length === 0) {
    return 0;
  }
  const offsets = events.map(({ offset }) => offset);
  const { tenant, number } = endpoint;
  const factsAt = factsByOffset(await reader.readFacts({ tenant, offsets, endpoint: number }));
  const owing = { endpoint, contract: contracts.get(endpoint.contract) };
  const now = clock.now();
  const isSendable = (event: ListedEvent) => !isErased(event) && (event.expiresAt ?? Infinity) > now;
  return events.filter((event) => {
    const whereabouts = whereaboutsOf(owing, event, factsAt(event.offset));
    return isSendable(event) && isSubscribed(choice.types, event.type) && isChosen(choice.only, whereabouts);
  }).length;
}

/** Finds where an endpoint may have missed something, in order; of very many gaps, the last has no end. */
export async function missedRanges(ports: ApiPorts, endpoint: Endpoint): Promise<readonly Range[]> {
  const gaps = await readMissedGaps(ports, endpoint.tenant, [endpoint.number]);
  return missedIn(gaps, endpoint);
}

/** Reads the gaps in which endpoints of a tenant missed something. */
export async function readMissedGaps(
  { reader }: ApiPorts,
  tenant: number,
  endpoints: readonly number[],
): Promise<readonly Gap[]> {
  return await reader.listGaps({ tenant, endpoints, reasons: ["disabled", "skipped"], limit: GAPS_MAX });
}

/** As `missedRanges`, of gaps that were read. */
export function missedIn(gaps: readonly Gap[], endpoint: Endpoint): readonly Range[] {
  const last = gaps.at(GAPS_MAX - 1);
  const beyond = last === undefined ? [] : [{ from: last.from, to: Number.MAX_SAFE_INTEGER }];
  return merged([...gaps, ...beyond, ...disabledTimes(endpoint)]);
}

function disabledTimes({ versions }: Endpoint): readonly Range[] {
  return versions.flatMap(({ state, since }, index) =>
    state === "disabled"
      ? [{ from: since, to: (versions[index + 1]?.since ?? Number.MAX_SAFE_INTEGER) - 1 }]
      : [],
  );
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const result: Range[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to + 1) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    } else {
      result.push({ from, to });
    }
  }
  return result;
}
