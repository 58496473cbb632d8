import { Problem } from "../problem.ts";
import type { Transaction } from "../transaction.ts";
import { createPrepare, type Submission } from "./accept-events.ts";
import { TENANT_ID } from "./access.ts";
import { readEvents } from "./event-request.ts";
import { inTime } from "./in-time.ts";
import type { ApiPorts } from "./ports.ts";

/** An event that is handed over within a transaction. */
export interface PublishedEvent {
  readonly type: string;
  /** Any JSON value. */
  readonly data: unknown;
  readonly subject?: string;
  /** When it happened: an ISO 8601 time with its offset. Default: now. */
  readonly occurred_at?: string;
  /** After it, it is not sent any more. Default: never. */
  readonly expires_at?: string;
  /** The id of the only endpoint that it goes to. Default: every endpoint that wants its type. */
  readonly to?: string;
  /** The trace it is of, by W3C Trace Context. Default: none. */
  readonly traceparent?: string;
  /** Goes with `traceparent`. */
  readonly tracestate?: string;
}

export interface Published {
  /** Finds the event once it is in the log: `GET /v1/tenants/{tenant}/events?key=…`, for a day. */
  readonly key: string;
}

/**
 * Stores an event in a transaction of the application's own: the event exists exactly if the transaction
 * commits. Throws a Problem, and runs no statement, where the event is not as it must be.
 */
export type Publish = (
  transaction: Transaction,
  tenantId: string,
  event: PublishedEvent,
) => Promise<Published>;

const KEY_BYTES = 16;

type Put = (transaction: Transaction, submission: Submission) => Promise<void>;

/** Without a place to put it, every call is refused: the store is in no database that could be shared. */
export function createPublish(ports: ApiPorts, put: Put | undefined): Publish {
  const prepare = createPrepare(ports);
  return async (transaction, tenantId, event) => {
    if (put === undefined) {
      throw new Error(
        "publish() needs Posthorn to be in the application's PostgreSQL: POSTHORN_DATABASE_URL",
      );
    }
    const tenant = TENANT_ID.test(tenantId)
      ? await inTime(ports.clock, ports.registry.findTenant(tenantId))
      : undefined;
    if (tenant === undefined) {
      throw new Problem("not_found", `There is no tenant ${JSON.stringify(tenantId)}.`);
    }
    if (typeof event !== "object" || event === null || Array.isArray(event)) {
      throw new Problem("invalid_request", "An event is an object.", [
        { pointer: "", detail: "must be an object" },
      ]);
    }
    if ("idempotency_key" in event) {
      throw new Problem("invalid_request", "The transaction itself keeps an event from being stored twice.", [
        { pointer: "/idempotency_key", detail: "must be absent: a key is made, and returned" },
      ]);
    }
    const key = `published-${Buffer.from(ports.random.bytes(KEY_BYTES)).toString("hex")}`;
    const occurredAt = new Date(ports.clock.now()).toISOString();
    const text = JSON.stringify({ occurred_at: occurredAt, ...event, idempotency_key: key });
    const asked = readEvents(Buffer.from(text), "json");
    const request = { asked, headerKey: undefined };
    const { submission } = await inTime(ports.clock, prepare(tenant, request));
    await put(transaction, submission);
    return { key };
  };
}
