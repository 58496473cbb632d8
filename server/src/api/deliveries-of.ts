import type { Contract } from "@posthorn/contracts/contract";
import { wasOwed } from "../engine/owed.ts";
import { LIVE, type Retry } from "../model/delivery.ts";
import { type Standing, type StoredFacts, standingOf, standingOfReplayed } from "../model/delivery-state.ts";
import { isErased } from "../model/erasure.ts";
import type { ListedEvent, StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import type { EndpointTable } from "./endpoint-table.ts";
import type { ApiPorts } from "./ports.ts";

export type AnyEvent = StoredEvent | ListedEvent;

/** A delivery as the facts have it now. */
export interface Delivery {
  readonly event: AnyEvent;
  /** The endpoint's number. */
  readonly endpoint: number;
  readonly standing: Standing;
  /** Requests made, on every cursor. */
  readonly attempts: number;
  readonly lastAttemptAt: number | undefined;
  /** The live one. */
  readonly retry: Retry | undefined;
}

export interface DeliveryQuery {
  readonly events: readonly AnyEvent[];
  /** Only this endpoint's. */
  readonly endpoint: number | undefined;
  /** The tenant's. */
  readonly endpoints: EndpointTable;
}

/** Reads the deliveries of events: in the order of the events, for each the newest endpoint first. */
export async function readDeliveries(ports: ApiPorts, query: DeliveryQuery): Promise<readonly Delivery[]> {
  const { events, endpoint } = query;
  const [first] = events;
  if (first === undefined) {
    return [];
  }
  const facts = await ports.reader.readFacts({
    tenant: first.tenant,
    offsets: events.map(({ offset }) => offset),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  const index = indexFacts(facts);
  return events.flatMap((event) =>
    receiversOf(event, { query, index, contracts: ports.contracts }).map((receiver) =>
      deliveryOf(event, receiver, index),
    ),
  );
}

interface FactIndex {
  readonly byOffset: ReadonlyMap<Offset, ReadonlyMap<number, OneDelivery>>;
  readonly gaps: ReadonlyMap<number, StoredFacts["gaps"]>;
}

/** The facts of one event and one endpoint, apart from gaps. */
type OneDelivery = { -readonly [Name in "attempts" | "retries" | "deadLetters"]: [...StoredFacts[Name]] };

function indexFacts({ attempts, retries, deadLetters, gaps }: StoredFacts): FactIndex {
  const byOffset = new Map<Offset, Map<number, OneDelivery>>();
  const at = ({ offset, endpoint }: { readonly offset: Offset; readonly endpoint: number }): OneDelivery => {
    const ofEvent = byOffset.get(offset) ?? new Map<number, OneDelivery>();
    byOffset.set(offset, ofEvent);
    const found = ofEvent.get(endpoint) ?? { attempts: [], retries: [], deadLetters: [] };
    ofEvent.set(endpoint, found);
    return found;
  };
  for (const attempt of attempts) {
    at(attempt).attempts.push(attempt);
  }
  for (const retry of retries) {
    at(retry).retries.push(retry);
  }
  for (const deadLetter of deadLetters) {
    at(deadLetter).deadLetters.push(deadLetter);
  }
  return { byOffset, gaps: Map.groupBy(gaps, ({ endpoint }) => endpoint) };
}

interface Receivers {
  readonly query: DeliveryQuery;
  readonly index: FactIndex;
  readonly contracts: ReadonlyMap<string, Contract>;
}

interface Receiver {
  readonly number: number;
  readonly isOwed: boolean;
}

/** The endpoints an event was owed to, and those that something is stored about, newest first. */
function receiversOf(event: AnyEvent, { query, index, contracts }: Receivers): readonly Receiver[] {
  const { endpoints, endpoint: only } = query;
  const stored = index.byOffset.get(event.offset)?.keys() ?? [];
  const owed = new Set(
    endpoints
      .mayBeOwed(event)
      .filter((endpoint) => wasOwed({ endpoint, contract: contracts.get(endpoint.contract) }, event))
      .map(({ number }) => number),
  );
  const all = new Set([...owed, ...stored]);
  return [...all]
    .filter((number) => only === undefined || number === only)
    .sort((one, other) => other - one)
    .map((number) => ({ number, isOwed: owed.has(number) }));
}

function deliveryOf(
  event: AnyEvent,
  { number: endpoint, isOwed }: Receiver,
  { byOffset, gaps }: FactIndex,
): Delivery {
  const known = byOffset.get(event.offset)?.get(endpoint);
  const { attempts = [], retries = [], deadLetters = [] } = known ?? {};
  const facts = { attempts, retries, deadLetters, gaps: gaps.get(endpoint) ?? [] };
  const isReplayed =
    !isOwed && [...attempts, ...retries, ...deadLetters].every(({ cursor }) => cursor !== LIVE);
  const standing = isReplayed ? standingOfReplayed(facts) : standingOf(facts, event.offset);
  return {
    event,
    endpoint,
    standing: isErased(event) ? endedByErasure(standing) : standing,
    attempts: attempts.length,
    lastAttemptAt: attempts.reduce<number | undefined>(
      (last, { startedAt }) => Math.max(last ?? 0, startedAt),
      undefined,
    ),
    retry: retries.find(({ cursor }) => cursor === LIVE),
  };
}

/** What was erased is not sent any more, although its lane may not have come to it yet. */
function endedByErasure(standing: Standing): Standing {
  const isOpen = standing.state === "pending" || standing.state === "retrying";
  return isOpen ? { state: "cancelled", reason: "erased" } : standing;
}
