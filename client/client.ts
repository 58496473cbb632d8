import type { CallOptions, ClientOptions } from "./call.ts";
import { createCall } from "./http-call.ts";
import { type Accepted, type NewEvent, type Operations, operationsOver } from "./operations.ts";

/** A server's API. */
export interface Client extends Operations {
  /** Hands over one event. Resolves when it is durable. */
  sendEvent(tenant: string, event: NewEvent, options?: CallOptions): Promise<Accepted>;
}

/**
 * Makes a client of a server's API.
 *
 * ```ts
 * const posthorn = createClient({ url: "http://127.0.0.1:8080", key: process.env.POSTHORN_KEY });
 * await posthorn.sendEvent("acme", { type: "invoice.paid", data: { amount: "199.00" } });
 * for await (const attempt of posthorn.listAttempts("acme", { verdict: "retry" })) {
 *   console.log(attempt.started_at, attempt.error);
 * }
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const call = createCall(options);
  const operations = operationsOver(call);
  return {
    ...operations,
    async sendEvent(tenant, event, callOptions) {
      const accepted = await operations.sendEvents(tenant, event, callOptions);
      if ("data" in accepted) {
        throw new TypeError("the answer to one event is one");
      }
      return accepted;
    },
  };
}
