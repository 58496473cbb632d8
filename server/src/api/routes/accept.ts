import type { FastifyRequest } from "fastify";
import { Problem } from "../../problem.ts";
import type { AcceptEvents } from "../accept-events.ts";
import { type Access, tenantOf } from "../access.ts";
import type { AskedEvents } from "../asked-events.ts";
import { eventFormOf, readAskedEvents } from "../event-forms.ts";
import { REQUEST_BYTES_MAX } from "../event-reading.ts";
import { KEY_LENGTH_MAX } from "../event-text.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { WRONG_MEMBERS_MAX } from "../schema-problem.ts";
import { acceptTraced, inTraceOfRequest } from "../traced-events.ts";

const HEADER_KEY = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * `POST /v1/tenants/{tenant}/events`: one event, an array of them, or a line each; or CloudEvents, in any of
 * their content modes. Answered after the commit.
 */
export function addAcceptRoute(
  app: Api,
  { accept, tracing }: Pick<ApiPorts, "tracing"> & { readonly accept: AcceptEvents },
  access: Access,
): void {
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
        const asked = inTraceOfRequest(readAskedEvents(bytesOf(request), request.headers), request.headers);
        const headerKey = headerKeyOf(request, asked);
        const tenant = tenantOf(request);
        const answer = await acceptTraced(tracing, { tenant: tenant.id, asked }, () =>
          accept(tenant, { asked, headerKey }),
        );
        return reply.code(202).send(answer);
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
function headerKeyOf(
  { headers, raw }: FastifyRequest,
  { events, keyPlace }: AskedEvents,
): string | undefined {
  const given = headers["idempotency-key"];
  if (given === undefined) {
    return undefined;
  }
  // Node makes one value of several, which nobody meant.
  if (countOf("idempotency-key", raw.rawHeaders) > 1) {
    throw new Problem("invalid_request", "Idempotency-Key must be there once.");
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

/** How often a header is there; names and values take turns. */
function countOf(name: string, rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}
