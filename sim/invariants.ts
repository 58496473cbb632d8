import { type Attempt, LIVE } from "../server/src/model/delivery.ts";
import { type StoredFacts, standingOf } from "../server/src/model/delivery-state.ts";
import type { Endpoint } from "../server/src/model/endpoint.ts";
import type { StoredEvent } from "../server/src/model/event.ts";
import type { Ids } from "../server/src/model/ids.ts";
import type { MemoryStore } from "../server/src/stores/memory.ts";
import type { Book } from "./book.ts";
import type { Commander } from "./commander.ts";
import { checkDirectory } from "./directory-check.ts";
import type { Erasures } from "./erasures.ts";
import { SENDER_FAILED } from "./faulty-sender.ts";
import type { Ledger } from "./ledger.ts";
import { checkOperational } from "./operational-check.ts";
import { wasOwedTo } from "./owed.ts";
import type { Answered } from "./producer.ts";
import type { Arrival } from "./receivers.ts";
import type { Replays } from "./replays.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint, World } from "./world.ts";

/** What is left to look at when everything has come to rest. */
export interface Ending {
  readonly store: MemoryStore;
  readonly book: Book;
  readonly ids: Ids;
  readonly world: World;
  readonly commander: Commander;
  readonly erasures: Erasures;
  readonly replays: Replays;
  readonly ledger: Ledger;
  /** Whether the clock on the wall can be trusted. */
  readonly isTimeSteady: boolean;
  /** How long events are kept; undefined: for ever. */
  readonly keepMs: number | undefined;
  readonly answers: readonly Answered[];
  readonly arrivals: readonly Arrival[];
  readonly watch: Watch;
}

/** One event and one endpoint it was owed to, with everything that is stored about them. */
interface Delivery {
  readonly known: KnownEndpoint;
  readonly endpoint: Endpoint;
  readonly event: StoredEvent;
  readonly serial: number;
  readonly facts: StoredFacts;
}

/** Checks a run from outside: the producer's log, the receivers' logs, and the store. */
export async function checkEnding(ending: Ending): Promise<void> {
  checkAcks(ending);
  const endpoints = new Map<number, Endpoint>();
  for (const number of ending.world.endpoints.keys()) {
    const endpoint = await ending.store.readEndpoint(number);
    if (endpoint !== undefined) {
      endpoints.set(number, endpoint);
    }
  }
  const arrived = arrivalsByDelivery(ending.arrivals);
  for (const delivery of await deliveriesOf(ending, endpoints)) {
    checkStanding(delivery, ending, arrived);
    checkReplays(delivery, ending);
    checkTries(delivery, ending.watch);
    checkNumbers(delivery, ending.watch);
    checkBlame(delivery, ending.watch);
  }
  checkArrivals(ending, endpoints);
  checkOrder(ending);
  await checkFailing(ending, endpoints);
  await checkOperational(ending);
  await checkDirectory(ending);
  await ending.erasures.checkEnding();
}

/** What nothing is sent to any more is not kept in mind as failing. */
async function checkFailing(
  { store, watch }: Ending,
  endpoints: ReadonlyMap<number, Endpoint>,
): Promise<void> {
  for (const { endpoint } of await store.readFailing(0)) {
    const state = endpoints.get(endpoint)?.versions.at(-1)?.state;
    if (state !== "enabled" && state !== "paused") {
      watch.fail("failing_is_disabled", `endpoint ${endpoint} is ${state} and counts as failing`);
    }
  }
}

function checkAcks({ answers, book, watch }: Ending): void {
  for (const { events, state, offsets } of answers) {
    for (const [index, { serial, data, tenant }] of events.entries()) {
      const stored = book.offsetOf(serial);
      if (state === "acked" && (stored === undefined || stored !== offsets[index])) {
        watch.fail("acked_is_stored", `${serial} was acked at ${offsets[index]} and is stored at ${stored}`);
      }
      if (state === "refused" && stored !== undefined) {
        watch.fail("refused_is_not_stored", `${serial} was refused and is stored at ${stored}`);
      }
      const event = book.stored.find(({ offset }) => offset === stored);
      if (event !== undefined && (new TextDecoder().decode(event.data) !== data || event.tenant !== tenant)) {
        watch.fail("acked_bytes_are_stored", `${serial} is stored with other bytes or for another tenant`);
      }
    }
  }
}

async function deliveriesOf(
  { store, book, world }: Ending,
  endpoints: ReadonlyMap<number, Endpoint>,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  // What was forgotten was looked at when it was.
  const events = book.stored.filter(({ offset }) => !book.isForgotten(offset));
  const offsets = events.map(({ offset }) => offset);
  for (const [number, endpoint] of endpoints) {
    const known = world.endpoints.get(number);
    if (known === undefined) {
      continue;
    }
    const { gaps, ...all } = await store.readFacts({ tenant: endpoint.tenant, offsets, endpoint: number });
    const attempts = Map.groupBy(all.attempts, ({ offset }) => offset);
    const retries = Map.groupBy(all.retries, ({ offset }) => offset);
    const deadLetters = Map.groupBy(all.deadLetters, ({ offset }) => offset);
    for (const event of events) {
      if (wasOwedTo(endpoint, known.contract, event)) {
        const { offset } = event;
        const facts = {
          attempts: attempts.get(offset) ?? [],
          retries: retries.get(offset) ?? [],
          deadLetters: deadLetters.get(offset) ?? [],
          gaps: gaps.filter(({ from, to }) => from <= offset && offset <= to),
        };
        deliveries.push({ known, endpoint, event, serial: book.serialAt(offset) ?? -1, facts });
      }
    }
  }
  return deliveries;
}

/** Every delivery has ended, and for a reason. */
function checkStanding(
  delivery: Delivery,
  { book, commander, erasures, keepMs, watch }: Ending,
  arrived: ReadonlyMap<string, readonly Arrival[]>,
): void {
  const { endpoint, event, serial, facts, known } = delivery;
  const name = `${serial} at endpoint ${endpoint.number}`;
  const { state, reason } = standingOf(facts, event.offset);
  const wasReplayed = commander.wasReplayed(endpoint.number, serial);
  const here = arrived.get(`${endpoint.number}/${serial}`) ?? [];
  switch (state) {
    case "pending":
    case "retrying":
      watch.fail("nothing_is_lost", `${name} is ${state} in the end`);
      return;
    case "delivered":
      checkDelivered(delivery, here, watch);
      return;
    case "rejected":
      return;
    case "dead":
      checkDead(delivery, watch);
      return;
    case "expired":
      if (event.expiresAt === undefined && keepMs === undefined) {
        watch.fail("gaps_have_a_cause", `${name} is expired without a time`);
      }
      return;
    case "cancelled":
      if (!hasCause()) {
        watch.fail("gaps_have_a_cause", `${name} of ${known.contract.name} is ${reason} without a cause`);
      }
      return;
  }

  function hasCause(): boolean {
    const ended = endpoint.versions
      .filter(({ since }) => since >= event.offset)
      .map((version) => version.state);
    switch (reason) {
      case "disabled":
        // A receiver's word for it comes too late where a person was quicker to delete the endpoint.
        return (
          ended.includes("disabled") ||
          facts.attempts.some(({ verdict }) => verdict === "disable") ||
          // So does what had failed for too long.
          (ended.includes("deleted") && known.contract.defaults.disableAfterMs !== undefined)
        );
      case "cancelled":
        return commander.wasCancelled(endpoint.number, serial) || ended.includes("deleted");
      case "skipped":
        return commander.wasSkipped(endpoint.number, event.offset);
      case "superseded":
        return wasReplayed || isSuperseded(delivery, book);
      case "erased":
        return erasures.wasAsked(event);
      default:
        return false;
    }
  }
}

/**
 * Whether the endpoint wants only the newest, and something newer was owed to it that lasts as long: so the
 * newest of every key comes to the end that every delivery has.
 */
function isSuperseded({ known, endpoint, event }: Delivery, { stored }: Book): boolean {
  const by = known.config.latestOnlyBy;
  const isOfKey = ({ type, subject, to }: StoredEvent) =>
    to === undefined && subject === event.subject && (by === "subject" || type === event.type);
  const lastsAsLong = ({ expiresAt }: StoredEvent) =>
    (expiresAt ?? Infinity) >= (event.expiresAt ?? Infinity);
  const isNewer = (other: StoredEvent) => other.offset > event.offset && isOfKey(other) && lastsAsLong(other);
  const isAsked = by !== undefined && event.subject !== undefined && event.to === undefined;
  return isAsked && stored.some((other) => isNewer(other) && wasOwedTo(endpoint, known.contract, other));
}

function checkDelivered({ facts, known, serial }: Delivery, here: readonly Arrival[], watch: Watch): void {
  for (const attempt of facts.attempts.filter(({ verdict }) => verdict === "delivered")) {
    const hash = hashOf(attempt);
    const isThere = here.some(
      ({ payloadHash, answer }) =>
        (hash === undefined || hash === payloadHash) &&
        known.contract.verdict(answer, attempt.startedAt).kind === "delivered",
    );
    if (!isThere) {
      watch.fail("delivered_has_arrived", `endpoint ${known.number} never said yes to ${serial}`);
    }
  }
}

function hashOf({ payloadHash }: Attempt): string | undefined {
  return payloadHash === undefined ? undefined : Buffer.from(payloadHash).toString("hex");
}

function checkDead(delivery: Delivery, watch: Watch): void {
  const { tries, triesMax } = triesOf(delivery);
  if (tries !== triesMax) {
    const name = `${delivery.serial} at endpoint ${delivery.known.number}`;
    watch.fail("dead_after_the_last_retry", `${name} is dead after ${tries} tries of ${triesMax}`);
  }
}

/** What may leave its line is not tried more often than its schedule says. */
function checkTries(delivery: Delivery, watch: Watch): void {
  const { tries, triesMax } = triesOf(delivery);
  if (tries > triesMax && delivery.known.contract.discipline !== "ordered") {
    const name = `${delivery.serial} at endpoint ${delivery.known.number}`;
    watch.fail("dead_after_the_last_retry", `${name} was tried ${tries} times, allowed ${triesMax}`);
  }
}

function triesOf({ facts, known }: Delivery) {
  const { delaysMs } = known.config.retry ?? known.contract.defaults.retry;
  const tries = facts.attempts.filter(({ cursor, verdict }) => cursor === LIVE && verdict === "retry").length;
  return { tries, triesMax: delaysMs.length + 1 };
}

/** What was promised to be sent again was, unless its time was over or the endpoint ended since. */
function checkReplays(
  { facts, endpoint, event, serial }: Delivery,
  { commander, erasures, watch }: Ending,
): void {
  const promised = commander.replays.filter(
    ({ endpoint: number, serial: its }) => number === endpoint.number && its === serial,
  );
  const isSent = facts.attempts.some(({ cursor }) => cursor !== LIVE);
  for (const { changes } of promised) {
    const isEnded = endpoint.versions.some(
      ({ change, state }) => change > changes && (state === "disabled" || state === "deleted"),
    );
    const isOwed = !isEnded && event.expiresAt === undefined && !erasures.isGone(event);
    if (!isSent && isOwed) {
      watch.fail("replays_happen", `${serial} was never sent again to endpoint ${endpoint.number}`);
    }
  }
}

/** On every cursor attempts count from 1, without a hole. */
function checkNumbers({ facts, known, serial }: Delivery, watch: Watch): void {
  const byCursor = Map.groupBy(facts.attempts, ({ cursor }) => cursor);
  for (const [cursor, attempts] of byCursor) {
    const numbers = attempts.map(({ number }) => number).sort((a, b) => a - b);
    if (numbers.some((number, index) => number !== index + 1)) {
      const name = `${serial} at endpoint ${known.number}, cursor ${cursor}`;
      watch.fail("attempts_count_requests", `${name}: ${numbers}`);
    }
  }
}

/** What Posthorn's own side failed at uses up none of a delivery's retries. */
function checkBlame({ facts, known, serial }: Delivery, watch: Watch): void {
  const blamed = facts.attempts.find(({ reason, verdict }) => reason === SENDER_FAILED && verdict !== "hold");
  if (blamed !== undefined) {
    const name = `${serial} at endpoint ${known.number}`;
    watch.fail("senders_failures_cost_no_retry", `${name}: attempt ${blamed.number} is ${blamed.verdict}`);
  }
}

function arrivalsByDelivery(arrivals: readonly Arrival[]): ReadonlyMap<string, readonly Arrival[]> {
  const byDelivery = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    for (const { serial } of arrival.events) {
      const key = `${arrival.endpoint}/${serial}`;
      const known = byDelivery.get(key);
      if (known === undefined) {
        byDelivery.set(key, [arrival]);
      } else {
        known.push(arrival);
      }
    }
  }
  return byDelivery;
}

/** Only what was owed arrives, and always as the same bytes. */
function checkArrivals(
  { arrivals, book, world, replays, watch }: Ending,
  endpoints: ReadonlyMap<number, Endpoint>,
): void {
  const events = new Map(book.stored.map((event) => [book.serialAt(event.offset), event]));
  const hashes = new Map<string, string>();
  for (const arrival of arrivals) {
    const endpoint = endpoints.get(arrival.endpoint);
    const known = world.endpoints.get(arrival.endpoint);
    for (const { serial, bytesHash } of arrival.events) {
      const event = events.get(serial);
      const name = `${serial} at endpoint ${arrival.endpoint}`;
      const isAsked = replays.covers(arrival.endpoint, serial);
      if (!event || !endpoint || !known || !(isAsked || wasOwedTo(endpoint, known.contract, event))) {
        watch.fail("nothing_unexpected_arrives", `${name} was not owed`);
        continue;
      }
      const first = hashes.get(name) ?? bytesHash;
      hashes.set(name, first);
      if (first !== bytesHash) {
        watch.fail("same_bytes", `${name} came with two payloads`);
      }
    }
  }
}

/**
 * Where order matters, first occurrences arrive in the log's order. What a person replayed has an order of
 * its own, and what an old owner had put on the wire may come late.
 */
function checkOrder({ arrivals, book, world, commander, watch }: Ending): void {
  const seen = new Set<string>();
  const last = new Map<number, number>();
  for (const { endpoint, events, isStale } of arrivals) {
    if (world.endpoints.get(endpoint)?.contract.discipline === "each") {
      continue;
    }
    for (const { serial } of events) {
      const key = `${endpoint}/${serial}`;
      const offset = book.offsetOf(serial) ?? -1;
      const isLate = offset < (last.get(endpoint) ?? 0);
      if (seen.has(key) || commander.wasReplayed(endpoint, serial) || (isStale && isLate)) {
        continue;
      }
      seen.add(key);
      if (isLate) {
        watch.fail("first_occurrences_in_order", `${serial} came to endpoint ${endpoint} after a later one`);
      }
      last.set(endpoint, offset);
    }
  }
}
