import type { Answer, Contract } from "@posthorn/contracts/contract";
import type { Limits } from "../server/src/engine/limits.ts";
import type { VerdictKind } from "../server/src/model/delivery.ts";
import { abandonedUpTo, type Endpoint } from "../server/src/model/endpoint.ts";
import type { OutboundRequest, Sent } from "../server/src/outbound/sender.ts";
import type { Book } from "./book.ts";
import type { RequestWatch } from "./faulty-sender.ts";
import { createGreetingWatch } from "./greeting-watch.ts";
import { LEASE_MS, SENDING_MS } from "./lease.ts";
import type { Ledger } from "./ledger.ts";
import type { Life } from "./life.ts";
import { createOrderCheck } from "./order-check.ts";
import { isEnding } from "./owed.ts";
import { createRateCheck } from "./rate-check.ts";
import { type Delivered, isGreeting, readEvents } from "./receivers.ts";
import { type Rotations, secretsShownIn } from "./rotations.ts";
import { createSlotCheck } from "./slot-check.ts";
import { createWaitCheck } from "./wait-check.ts";
import type { Watch } from "./watch.ts";
import type { KnownEndpoint } from "./world.ts";

export interface RequestWatchPorts {
  readonly life: Life;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly limits: Limits;
  readonly elapsed: () => number;
  /** Whether a person asked for this event again at this endpoint. */
  readonly wasReplayed: (endpoint: number, serial: number) => boolean;
  readonly wasCancelHeard: (endpoint: number, serial: number) => boolean;
  readonly wasHurried: (endpoint: number) => boolean;
  /** Replays of ranges that people asked for. */
  readonly replays: {
    mayBeSent(endpoint: number, offset: number, graceMs: number): boolean;
    wasAsked(endpoint: number): boolean;
  };
  /** Whether a person asked for this event to be erased. */
  readonly isToBeErased: (offset: number) => boolean;
  readonly rotations: Rotations;
  /** Whether the contract gets this answer wrong, so that the process does not learn what it said. */
  readonly isMisjudged: (contract: Contract, answer: Answer) => boolean;
  /** Whether nodes share the lease. */
  readonly isShared: boolean;
  /** Whether the clock on the wall can be trusted. */
  readonly isTimeSteady: boolean;
  /** How long it may take to read an event that is about to be sent. */
  readonly readingMsMax: number;
}

/** What one process has done with one delivery. */
interface Doing {
  inFlight: number;
  /** A final answer came: it sends nothing more of it. */
  isFinal: boolean;
}

/** Checks every request of one process when it starts (invariants 3 and 4, and the limits). */
export function createRequestWatch(ports: RequestWatchPorts) {
  const { life, book, ledger, watch, elapsed } = ports;
  const doings = new Map<string, Doing>();
  const inFlight = new Map<number, number>();
  const waitCheck = createWaitCheck({ ...ports, now: life.clock.now });
  const rateCheck = createRateCheck(ports);
  const slotCheck = createSlotCheck(ports);
  const checkOrder = createOrderCheck(ports);
  const greetings = createGreetingWatch(ports);
  const inFlightOfTenants = new Map<number, number>();
  let inFlightOfAll = 0;

  function checkLimits(endpoint: KnownEndpoint): void {
    const count = inFlight.get(endpoint.number) ?? 0;
    const max =
      endpoint.contract.discipline === "each"
        ? (endpoint.config.maxInFlight ?? endpoint.contract.defaults.maxInFlight)
        : 1;
    if (count > max) {
      watch.fail(
        "limits_hold",
        `endpoint ${endpoint.number} has ${count} requests in flight, allowed ${max}`,
      );
    }
    const { inFlightMax, inFlightPerTenantMax } = ports.limits;
    if (inFlightOfAll > inFlightMax) {
      watch.fail("limits_hold", `${inFlightOfAll} requests in flight, allowed ${inFlightMax}`);
    }
    const ofTenant = inFlightOfTenants.get(endpoint.tenant.number) ?? 0;
    if (ofTenant > inFlightPerTenantMax) {
      const name = `tenant ${endpoint.tenant.number}`;
      watch.fail("limits_hold", `${name} has ${ofTenant} in flight, allowed ${inFlightPerTenantMax}`);
    }
  }

  function checkDelivery({ number }: KnownEndpoint, { serial }: Delivered): Doing {
    const key = `${number}/${serial}`;
    const doing = doings.get(key) ?? { inFlight: 0, isFinal: false };
    doings.set(key, doing);
    const offset = book.offsetOf(serial);
    if (offset === undefined) {
      watch.fail("nothing_unexpected_arrives", `endpoint ${number} is sent ${serial}, which is not stored`);
      return doing;
    }
    if (ledger.erased.has(offset) && life.epoch === ledger.epoch) {
      watch.fail("erased_is_not_sent", `endpoint ${number} is sent ${serial}, which is erased`);
    }
    const isFrozen = ledger.lanes.get(number)?.batch?.offsets.includes(offset) === true;
    const expiresAt = book.event(serial)?.expiresAt;
    if (expiresAt !== undefined && expiresAt < life.clock.now() && !isFrozen) {
      watch.fail(
        "expired_is_not_sent",
        `endpoint ${number} is sent ${serial}, which expired at ${expiresAt}`,
      );
    }
    const settledAt = ledger.settledAt(number, offset);
    const isReplay =
      (ports.wasReplayed(number, serial) && ledger.hasReplay(number, offset)) ||
      ports.replays.mayBeSent(number, offset, ports.readingMsMax);
    // What was taken to be sent when a replay delivered it is still sent once the event has been read.
    const graceMs = ports.wasReplayed(number, serial) ? ports.readingMsMax : 0;
    const isSettled = settledAt !== undefined && elapsed() - settledAt > graceMs;
    if (isSettled && !isFrozen && !isReplay && life.epoch === ledger.epoch) {
      watch.fail(
        "settled_is_not_sent_again",
        `endpoint ${number} is sent ${serial}, settled ${(elapsed() - settledAt).toFixed(1)} ms ago`,
      );
    }
    if (ports.wasReplayed(number, serial)) {
      return doing;
    }
    if (doing.inFlight > 0) {
      watch.fail("one_request_per_delivery", `endpoint ${number} is sent ${serial} twice at once`);
    }
    if (doing.isFinal) {
      watch.fail(
        "settled_is_not_sent_again",
        `endpoint ${number} answered ${serial} for good to the same owner`,
      );
    }
    return doing;
  }

  /** Where order matters, the live cursor waits for replays. */
  function checkCursor(
    { number, contract }: KnownEndpoint,
    stored: Endpoint,
    events: readonly Delivered[],
  ): void {
    const since = ledger.replaysSince(number);
    const isLive = events.every(({ serial }) => !ports.wasReplayed(number, serial));
    // What waits of a replay that is paused holds nothing.
    const isOver =
      since === undefined || ports.replays.wasAsked(number) || isEnding(stored, ledger.changesApplied);
    const isWaited = !isOver && elapsed() - since > ports.readingMsMax;
    if (contract.discipline !== "each" && isLive && isWaited) {
      watch.fail("replays_hold_the_live_cursor", `endpoint ${number} has had a replay since ${since} ms`);
    }
  }

  function checkBatch({ number }: KnownEndpoint, stored: Endpoint, events: readonly Delivered[]): void {
    const batch = ledger.lanes.get(number)?.batch;
    // Its owner forgets at once what disabling ended, and stores that after.
    const frozen = abandonedUpTo(stored) > (batch?.offsets.at(-1) ?? 0) ? undefined : batch;
    // What is being erased may be left out already.
    const isSure = (offset: number) => !ports.isToBeErased(offset);
    const offsets = events.map(({ serial }) => book.offsetOf(serial) ?? -1).filter(isSure);
    const left = frozen?.offsets.filter(isSure);
    const isReplay = events.some(({ serial }) => ports.wasReplayed(number, serial));
    const isOther = left !== undefined && left.length > 0 && String(left) !== String(offsets);
    if (isOther && !isReplay) {
      watch.fail("frozen_batch_stays", `endpoint ${number} is sent ${offsets}, frozen is ${left}`);
    }
  }

  /** Once it is stored that a change was applied, nothing more is sent by what was before. */
  function checkState({ number, versions }: Endpoint): void {
    const version = versions.at(-1);
    const appliedAt = version === undefined ? undefined : ledger.changeAppliedAt(version.change);
    if (version === undefined || appliedAt === undefined || version.state === "enabled") {
      return;
    }
    // What was taken to be sent when its endpoint was paused is still sent once the event has been read.
    const graceMs = version.state === "paused" ? ports.readingMsMax : 0;
    if (elapsed() - appliedAt > graceMs) {
      watch.fail("disabled_sends_nothing", `endpoint ${number} is ${version.state} since ${appliedAt} ms`);
    }
  }

  /** What is live when a request is made signs it, as of the last rotation that its owner knows of. */
  function checkSecrets({ number }: KnownEndpoint, request: OutboundRequest, offset: number): void {
    const secrets = secretsShownIn(request);
    const isApplied = (change: number) =>
      life.epoch === ledger.epoch && ledger.changeAppliedAt(change) !== undefined;
    const inUse = { endpoint: number, now: life.clock.now(), offset, isApplied };
    const fault = secrets && ports.rotations.faultOf({ ...inUse, secrets });
    if (fault !== undefined) {
      watch.fail("live_secrets_sign", `of a request to endpoint ${number}, ${fault}`);
    }
  }

  function countInFlight({ number, tenant }: KnownEndpoint, requests: 1 | -1): void {
    inFlight.set(number, (inFlight.get(number) ?? 0) + requests);
    inFlightOfTenants.set(tenant.number, (inFlightOfTenants.get(tenant.number) ?? 0) + requests);
    inFlightOfAll += requests;
  }

  /** What any request must be, events or not. */
  function begin(endpoint: KnownEndpoint, stored: Endpoint): void {
    countInFlight(endpoint, 1);
    checkLimits(endpoint);
    // What the store says and what was read for a request may come in the same instant.
    if (life.fencedAt !== undefined && elapsed() > life.fencedAt) {
      watch.fail("fenced_sends_nothing", `${life.name} sends to endpoint ${endpoint.number}`);
    }
    if (life.isPaused) {
      watch.fail("paused_sends_nothing", `${life.name} sends to endpoint ${endpoint.number}`);
    }
    // Whoever takes over waits for the end of the lease, or until it is given up.
    if (ports.isShared && life.epoch < ledger.epoch) {
      watch.fail("fenced_sends_nothing", `${life.name} sends to endpoint ${endpoint.number}, and not alone`);
    }
    // What it had taken before it stood still goes out after that, while the lease lasts.
    const stoodStill = (life.resumedAt ?? 0) > (life.renewedAt ?? 0);
    const sendingMs = stoodStill ? LEASE_MS : SENDING_MS + ports.readingMsMax;
    if (life.renewedAt === undefined || elapsed() - life.renewedAt > sendingMs) {
      watch.fail("nothing_is_sent_on_an_ending_lease", `${life.name} was renewed at ${life.renewedAt} ms`);
    }
    const { unstoredSince } = life;
    if (unstoredSince !== undefined && elapsed() - unstoredSince > ports.readingMsMax) {
      watch.fail("nothing_is_sent_while_nothing_is_stored", `${life.name} cannot since ${unstoredSince} ms`);
    }
    if (life.epoch === ledger.epoch) {
      checkState(stored);
    }
  }

  function watchGreeting(endpoint: KnownEndpoint, stored: Endpoint, request: OutboundRequest): RequestWatch {
    const learn = greetings.greets(endpoint, stored, request);
    return {
      answered(answer) {
        countInFlight(endpoint, -1);
        learn(answer);
        rateCheck.greeted(endpoint, answer);
      },
    };
  }

  return (endpoint: KnownEndpoint, stored: Endpoint, request: OutboundRequest): RequestWatch => {
    begin(endpoint, stored);
    if (isGreeting(request)) {
      return watchGreeting(endpoint, stored, request);
    }
    const events = readEvents(endpoint, request, book);
    const change = stored.versions.at(-1)?.change ?? 0;
    if (life.epoch === ledger.epoch) {
      slotCheck.starts(endpoint, inFlight.get(endpoint.number) ?? 0);
      greetings.sends(endpoint, stored, request);
      checkCursor(endpoint, stored, events);
      checkOrder(endpoint, stored, events);
      if (ports.isTimeSteady) {
        rateCheck.sends(endpoint);
        waitCheck.check(endpoint, stored, events);
      }
    }
    checkSecrets(endpoint, request, Math.max(...events.map(({ serial }) => book.offsetOf(serial) ?? 0)));
    const startedAt = life.clock.now();
    const known = events.map((event) => checkDelivery(endpoint, event));
    if (endpoint.contract.discipline === "batched" && life.epoch === ledger.epoch) {
      checkBatch(endpoint, stored, events);
    }
    for (const doing of known) {
      doing.inFlight += 1;
    }
    return {
      answered(answer) {
        countInFlight(endpoint, -1);
        const { contract } = endpoint;
        const isAsked = answer.kind !== "sender_failed" && answer.kind !== "unsendable";
        const isJudged = !isAsked || !ports.isMisjudged(contract, answer);
        const kind = expectedOf(answer, endpoint, life.clock.now());
        if (isJudged) {
          slotCheck.answered(endpoint, answer, kind === "delivered");
        }
        for (const doing of known) {
          doing.inFlight -= 1;
          doing.isFinal ||= isJudged && (kind === "delivered" || kind === "rejected");
        }
        waitCheck.answered(endpoint.number, { startedAt, isHold: !isJudged || kind === "hold", change });
      },
    };
  };
}

/** The contract judges its receiver; what the sender failed at keeps the lane waiting. */
function expectedOf(answer: Sent["answer"], { contract }: KnownEndpoint, at: number): VerdictKind {
  switch (answer.kind) {
    case "sender_failed":
      return "hold";
    case "unsendable":
      return "rejected";
    case "status":
    case "unreachable":
    case "timed_out":
    case "blocked":
    case "bad_response":
      return contract.verdict(answer, at).kind;
  }
}
