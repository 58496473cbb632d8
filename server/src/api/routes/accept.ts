import type { FastifyRequest } from "fastify";
import type { Engine } from "../../engine/engine.ts";
import type { IdempotencyKey } from "../../model/event.ts";
import { type Offset, timeOfOffset } from "../../model/offset.ts";
import type { Tenant } from "../../model/tenant.ts";
import { Problem, type WrongMember } from "../../problem.ts";
import { type Access, notFound, tenantOf } from "../access.ts";
import { type AskedEvent, type AskedEvents, idempotencyKeyOf } from "../asked-events.ts";
import { eventFormOf, readAskedEvents } from "../event-forms.ts";
import { REQUEST_BYTES_MAX } from "../event-reading.ts";
import { KEY_LENGTH_MAX } from "../event-text.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { WRONG_MEMBERS_MAX } from "../schema-problem.ts";
import { timestampOf } from "../timestamp.ts";

type Submission = Parameters<Engine["accept"]>[1];
type SubmissionResult = Awaited<ReturnType<Engine["accept"]>>;

const KEYS_KEPT_MS = 24 * 3_600_000;

const HEADER_KEY = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * `POST /v1/tenants/{tenant}/events`: one event, an array of them, or a line each; or CloudEvents, in any of
 * their content modes. Answered after the commit.
 */
export function addAcceptRoute(app: Api, ports: ApiPorts, access: Access): void {
  // A scope of its own, in which a body stays the bytes that were sent.
  void app.register((scope: Api, _options, done) => {
    scope.removeAllContentTypeParsers();
    const asBytes = { parseAs: "buffer", bodyLimit: REQUEST_BYTES_MAX } as const;
    scope.addContentTypeParser("*", asBytes, (_request, bytes, parsed) => parsed(null, bytes));
    const onRequest = [access.tenant("events:write"), refuseOtherForms];
    scope.post(
      "/v1/tenants/:tenant/events",
      { onRequest, bodyLimit: REQUEST_BYTES_MAX },
      async (request, reply) => {
        const tenant = tenantOf(request);
        const asked = readAskedEvents(bytesOf(request), request.headers);
        const submission = await submissionOf(ports, tenant, {
          asked,
          headerKey: headerKeyOf(request, asked),
        });
        const result = await ports.engine.accept(tenant.shard, submission);
        const offsets = offsetsIn(result, asked);
        const answers = asked.events.map((event, index) =>
          answerOf(ports, tenant, { event, offset: offsets[index] }),
        );
        return reply.code(202).send(asked.isList ? { data: answers } : answers[0]);
      },
    );
    done();
  });
}

function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** Before the body is read. */
async function refuseOtherForms({ headers }: FastifyRequest): Promise<void> {
  eventFormOf(headers);
}

/** Reads the key that covers the request, which leaves no place for keys of its events. */
function headerKeyOf({ headers }: FastifyRequest, { events, keyPlace }: AskedEvents): string | undefined {
  const given = headers["idempotency-key"];
  if (given === undefined) {
    return undefined;
  }
  const key = String(given);
  if (key.length > KEY_LENGTH_MAX || !HEADER_KEY.test(key)) {
    throw new Problem(
      "invalid_request",
      `Idempotency-Key must be 1 to ${KEY_LENGTH_MAX} characters of printable ASCII, got ${key.length}.`,
    );
  }
  const wrong = events.flatMap((event, index) =>
    event.key === undefined
      ? []
      : [
          {
            pointer: keyPlace(index),
            detail: "must be absent where Idempotency-Key covers the request",
          },
        ],
  );
  if (wrong.length > 0) {
    const detail = "Idempotency-Key covers the request: its events have no keys of their own.";
    throw new Problem("invalid_request", detail, wrong.slice(0, WRONG_MEMBERS_MAX));
  }
  return key;
}

interface AskedSubmission {
  readonly asked: AskedEvents;
  readonly headerKey: string | undefined;
}

async function submissionOf(
  ports: ApiPorts,
  tenant: Tenant,
  { asked, headerKey }: AskedSubmission,
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
