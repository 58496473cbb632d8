/**
 * Writes down who changed what by the API. An entry is durable before the answer goes out. An action that
 * was done stays done, and is answered so, where its entry cannot be stored: then the log has it instead.
 * Where it is not known whether something was done, as it was stored for another node to do or the store did
 * not answer, there is an entry with the status 503.
 */
import type { FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { AuditEntry, AuditedCaller } from "../model/audit.ts";
import { DAY_MS, HOUR_MS } from "../model/duration.ts";
import { regularly } from "../regularly.ts";
import { askerOf } from "./access.ts";
import { type Audited, auditedAt } from "./audited.ts";
import type { Caller } from "./caller.ts";
import { inTime } from "./in-time.ts";
import type { ApiPorts } from "./ports.ts";

export interface AuditTrail {
  /** A hook for every route that is added: those that are audited get hooks of their own. */
  readonly follow: (route: RouteOptions) => void;
  /** Begins to forget by itself what is too old. */
  readonly start: () => void;
  readonly stop: () => void;
  /** Forgets what is too old, and what there is too much of; returns how many entries. */
  readonly runOnce: () => Promise<number>;
}

const LOST = "an entry of the audit log could not be stored: what it says was done";
const LOST_OF_UNKNOWN = "an entry of the audit log could not be stored: what it says may have been done";
/** A year, and a month to look at it. */
const AUDIT_DAYS_MAX = 400;
const AUDIT_ENTRIES_MAX = 500_000;
const EVERY_MS = HOUR_MS;
/** It is looked after so many entries of this process, too, so that the most there may be is not far off. */
const EVERY_ENTRIES = 1000;
/** Of one transaction: what comes meanwhile waits no longer than for this. */
const STEP_ENTRIES = 500;

export function createAuditTrail(
  ports: Pick<ApiPorts, "registry" | "clock" | "log">,
  { entriesMax = AUDIT_ENTRIES_MAX } = {},
): AuditTrail {
  const { registry, clock, log } = ports;
  const made = new WeakMap<FastifyRequest, Readonly<Record<string, string>>>();
  const regular = regularly(clock, EVERY_MS, { run: runOnce, onFailed: tellFailed });
  let written = 0;

  async function record(request: FastifyRequest, { action }: Audited, status: number): Promise<void> {
    const caller = askerOf(request);
    const by = auditedCallerOf(caller);
    const resource = { ...idsIn(request), ...made.get(request) };
    try {
      const tenant = await tenantOf(request, caller, resource);
      const entry: AuditEntry = {
        at: clock.now(),
        by,
        tenant,
        action,
        resource,
        requestId: request.id,
        status,
      };
      await inTime(clock, registry.addAudit(entry));
      written += 1;
      if (written % EVERY_ENTRIES === 0) {
        void runOnce().catch(tellFailed);
      }
    } catch (error) {
      log.error(status < 300 ? LOST : LOST_OF_UNKNOWN, {
        action,
        by: by.session ?? by.key ?? by.kind,
        resource: JSON.stringify(resource),
        request_id: request.id,
        error: { fault: error },
      });
    }
  }

  async function tenantOf(
    request: FastifyRequest,
    caller: Caller,
    resource: AuditEntry["resource"],
  ): Promise<string | undefined> {
    const known = request.tenant?.id ?? resource["tenant"];
    return known === undefined && caller.kind === "tenant"
      ? (await inTime(clock, registry.tenantByNumber(caller.tenant)))?.id
      : known;
  }

  async function runOnce(): Promise<number> {
    const before = clock.now() - AUDIT_DAYS_MAX * DAY_MS;
    for (let sum = 0; ; ) {
      const old = { before, numbersKept: entriesMax, limit: STEP_ENTRIES };
      const forgotten = regular.isStopped ? 0 : await registry.forgetAudit(old);
      sum += forgotten;
      if (forgotten === 0) {
        return sum;
      }
    }
  }

  function tellFailed(error: unknown): void {
    log.warn("the audit log could not be shortened; it is tried again", { error: { fault: error } });
  }

  return {
    follow(route) {
      const audited = typeof route.method === "string" ? auditedAt(route.method, route.url) : undefined;
      if (audited === undefined) {
        return;
      }
      route.preSerialization = async (request: FastifyRequest, _reply: FastifyReply, answer: unknown) => {
        made.set(request, audited.madeIn(answer));
        return answer;
      };
      route.onSend = async (request: FastifyRequest, reply: FastifyReply, text: unknown) => {
        // Nobody knows whether it was done, or it is stored for a node that will do it.
        const isLeftOpen = request.caller !== undefined && request.problem?.code === "store_unavailable";
        if (isLeftOpen || audited.isDone(reply.statusCode)) {
          await record(request, audited, reply.statusCode);
        }
        return text;
      };
    },
    start: regular.start,
    stop: regular.stop,
    runOnce,
  };
}

function auditedCallerOf({ kind, key, session, sessionId }: Caller): AuditedCaller {
  // What is stored of a portal's session stands where a key does.
  return session === "portal"
    ? { kind: "portal", key: undefined, session: sessionId }
    : { kind, key: key?.id, session: sessionId };
}

/** Reads the ids of the path. A subject is none: it may be a person's name, which was just to be erased. */
function idsIn({ params }: FastifyRequest): Readonly<Record<string, string>> {
  const parameters = typeof params === "object" && params !== null ? Object.entries(params) : [];
  const ids = parameters.filter(([name]) => name !== "subject" && name !== "tenant");
  return Object.fromEntries(ids.map(([name, value]) => [name, String(value)]));
}
