import type { Engine } from "../engine/engine.ts";
import { DAY_MS } from "../model/duration.ts";
import type { IdempotencyKey } from "../model/event.ts";
import { type Offset, timeOfOffset } from "../model/offset.ts";
import type { Tenant } from "../model/tenant.ts";
import { Problem, type WrongMember } from "../problem.ts";
import { notFound } from "./access.ts";
import { type AskedEvent, type AskedEvents, idempotencyKeyOf } from "./asked-events.ts";
import { type AskedRequest, createEventChecker } from "./event-types/event-checker.ts";
import { inTime } from "./in-time.ts";
import type { ApiPorts } from "./ports.ts";
import { WRONG_MEMBERS_MAX } from "./schema-problem.ts";
import { timestampOf } from "./timestamp.ts";

export type Submission = Parameters<Engine["accept"]>[1];
type SubmissionResult = Awaited<ReturnType<Engine["accept"]>>;

const KEYS_KEPT_MS = DAY_MS;

/**
 * Accepts the events of a request, all or none. Returns what its caller is answered after the commit: one
 * event or a list of them, and what is wrong with data that is stored nevertheless. Throws a Problem that
 * names what is wrong with what is not.
 */
export type AcceptEvents = (tenant: Tenant, request: AskedRequest) => Promise<AcceptedAnswer>;

interface AcceptedAnswer {
  readonly warnings?: readonly WrongMember[];
}

export function createAcceptEvents(ports: ApiPorts): AcceptEvents {
  const prepare = createPrepare(ports);
  return async (tenant, request) => {
    const { asked } = request;
    if (ports.disk?.isNearlyFull === true) {
      throw new Problem("disk_nearly_full", "What was accepted before is delivered; try again later.");
    }
    const { warnings, submission } = await inTime(ports.clock, prepare(tenant, request));
    const result = await ports.engine.accept(tenant.shard, submission);
    const offsets = offsetsIn(result, asked);
    const answers = asked.events.map((event, index) =>
      answerOf(ports, tenant, { event, offset: offsets[index] }),
    );
    return {
      ...(asked.isList ? { data: answers } : answers[0]),
      ...(warnings.length === 0 ? {} : { warnings }),
    };
  };
}

interface Prepared {
  readonly warnings: readonly WrongMember[];
  readonly submission: Submission;
}

/** Makes what checks the events of a request and turns them into what a store takes. */
export function createPrepare(ports: ApiPorts): (tenant: Tenant, request: AskedRequest) => Promise<Prepared> {
  const checker = createEventChecker(ports);
  return async (tenant, request) => {
    const warnings = await checker.check(tenant, request);
    return { warnings, submission: await submissionOf(ports, tenant, request) };
  };
}

async function submissionOf(
  ports: ApiPorts,
  tenant: Tenant,
  { asked, headerKey }: AskedRequest,
): Promise<Submission> {
  const targets = await readTargets(ports, tenant, asked);
  return {
    tenant: tenant.number,
    events: asked.events.map((event) => ({
      event: {
        type: event.type,
        subject: event.subject,
        occurredAt: event.occurredAt,
        data: event.data,
        extensions: event.extensions,
        expiresAt: event.expiresAt,
        to: event.to === undefined ? undefined : targets.get(event.to),
      },
      key: eventKeyOf(event),
    })),
    key: headerKey === undefined ? undefined : idempotencyKeyOf(headerKey, asked.events),
    keysExpireAt: ports.clock.now() + KEYS_KEPT_MS,
  };
}

function eventKeyOf(event: AskedEvent): IdempotencyKey | undefined {
  return event.key === undefined ? undefined : idempotencyKeyOf(event.key, [event]);
}

const NO_TARGETS: ReadonlyMap<string, number> = new Map();

/** Finds the endpoints that events name; each must be the tenant's. */
async function readTargets(
  { ids, registry }: ApiPorts,
  tenant: Tenant,
  { isList, events }: AskedEvents,
): Promise<ReadonlyMap<string, number>> {
  if (events.every(({ to }) => to === undefined)) {
    return NO_TARGETS;
  }
  const targets = new Map<string, number>();
  const wrong: WrongMember[] = [];
  for (const [index, { to }] of events.entries()) {
    if (to === undefined || targets.has(to)) {
      continue;
    }
    const number = ids.endpointNumberOf(to);
    const endpoint = number === undefined ? undefined : await registry.findEndpoint(tenant.number, number);
    if (endpoint !== undefined) {
      targets.set(to, endpoint.number);
    } else if (wrong.length < WRONG_MEMBERS_MAX) {
      const pointer = isList ? `/${index}/to` : "/to";
      wrong.push({ pointer, detail: "must be the id of an endpoint of this tenant" });
    }
  }
  if (wrong.length > 0) {
    throw new Problem("invalid_request", "Events name endpoints that are not there.", wrong);
  }
  return targets;
}

function offsetsIn(result: SubmissionResult, asked: AskedEvents): readonly Offset[] {
  switch (result.kind) {
    case "accepted":
      return result.offsets;
    case "key_reused":
      throw keyReused(asked, result.index);
    // It was deleted after the key was found to reach it.
    case "no_tenant":
      throw notFound();
  }
}

function keyReused({ keyPlace }: AskedEvents, index: number): Problem {
  const detail = "The key came before with other content; nothing of this request was stored.";
  const wrong = index === -1 ? [] : [{ pointer: keyPlace(index), detail: "came before with other content" }];
  return new Problem("idempotency_key_reused", detail, wrong);
}

interface Accepted {
  readonly event: AskedEvent;
  readonly offset: Offset | undefined;
}

function answerOf({ ids }: ApiPorts, { shard }: Tenant, { event, offset }: Accepted) {
  if (offset === undefined) {
    throw new Error("every accepted event has an offset");
  }
  return {
    id: ids.event({ shard, offset }),
    type: event.type,
    accepted_at: timestampOf(timeOfOffset(offset)),
  };
}
