import type { CallOptions, ClientOptions } from "./call.ts";
import { createCall } from "./http-call.ts";
import {
  type Accepted,
  type AcceptedList,
  type CreateReplayBody,
  type NewEvent,
  type Operations,
  operationsOver,
  type Replay,
  type ReplayCount,
} from "./operations.ts";

/**
 * A server's API.
 *
 * @see {@link createClient}
 */
export interface Client extends Operations {
  /**
   * Hands over one event. Resolves when it is durable. Needs a key with the scope `events:write`.
   *
   * @example
   * ```ts
   * const accepted = await posthorn.sendEvent(tenant, {
   *   type: "shopper.updated",
   *   subject: "C-720",
   *   data: { id: 123, ref: "C-720", first_name: "Mina", consent: true },
   * });
   * console.log(accepted);
   * // → { id: 'evt_…', type: 'shopper.updated', accepted_at: '…Z' }
   * ```
   */
  sendEvent(tenant: string, event: NewEvent, options?: CallOptions): Promise<Accepted>;
  /**
   * Hands over several events: all of them, or none. Resolves when they are durable. Needs a key with the
   * scope `events:write`.
   *
   * @example
   * ```ts
   * const customers = ["686e28baebd46db5a35beccb", "68777232009ac594ff34644f"];
   * const { data } = await posthorn.sendEvents(
   *   tenant,
   *   customers.map((spektrId) => ({
   *     type: "customer_status_changed",
   *     subject: spektrId,
   *     data: { spektr_id: spektrId, oldStatus: "pending", newStatus: "approved" },
   *   })),
   * );
   * console.log(data.map(({ id, type }) => `${type} ${id}`));
   * // → [ 'customer_status_changed evt_…', 'customer_status_changed evt_…' ]
   * ```
   */
  sendEvents(tenant: string, events: readonly NewEvent[], options?: CallOptions): Promise<AcceptedList>;
  /** Hands over one event, as `sendEvent` does. */
  sendEvents(tenant: string, event: NewEvent, options?: CallOptions): Promise<Accepted>;
  /**
   * Delivers a range again, or counts what that would be. Needs a key with the scope `events:write` or
   * `deliveries:write`.
   *
   * @example
   * ```ts
   * const endpoint = await posthorn.createEndpoint(tenant, { url: receiver, contract: "spektr" });
   * const runEnd = { type: "process_run_end", subject: "686e28ba", data: { score: 0 } };
   * const { id, accepted_at: since } = await posthorn.sendEvent(tenant, runEnd);
   * await deliveryOf(id);
   * const range = { endpoint: endpoint.id, since, only: "all" } as const;
   * console.log(await posthorn.createReplay(tenant, { ...range, dry_run: true })); // → { count: 1 }
   * const replay = await posthorn.createReplay(tenant, range);
   * await until(async () => (await posthorn.getReplay(tenant, replay.id)).state === "finished");
   * console.log((await posthorn.getReplay(tenant, replay.id)).delivered); // → 1
   * ```
   */
  createReplay(tenant: string, body: ReplayToCount, options?: CallOptions): Promise<ReplayCount>;
  createReplay(tenant: string, body: ReplayToMake, options?: CallOptions): Promise<Replay>;
  createReplay(tenant: string, body: CreateReplayBody, options?: CallOptions): Promise<ReplayCount | Replay>;
}

/**
 * What is only counted.
 *
 * @see {@link createReplay}
 */
export interface ReplayToCount extends CreateReplayBody {
  readonly dry_run: true;
}

/**
 * What is delivered again.
 *
 * @see {@link createReplay}
 */
export interface ReplayToMake extends CreateReplayBody {
  readonly dry_run?: false | null | undefined;
}

/**
 * Makes a client of a server's API.
 *
 * @example
 * ```ts
 * import { createClient } from "@posthorn/client/client";
 *
 * const posthorn = createClient({
 *   url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080",
 *   key: process.env["POSTHORN_KEY"],
 *   retries: 5,
 *   timeoutMs: 60_000,
 * });
 * const { id: tenant } = await posthorn.createTenant({ name: "Example Boutique" });
 * const { id } = await posthorn.sendEvent(tenant, { type: "shopper.created", data: { ref: "C-720" } });
 * console.log(tenant, id); // → ten_… evt_…
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const operations = operationsOver(createCall(options));

  function sendEvents(tenant: string, events: readonly NewEvent[], how?: CallOptions): Promise<AcceptedList>;
  function sendEvents(tenant: string, event: NewEvent, how?: CallOptions): Promise<Accepted>;
  function sendEvents(tenant: string, body: NewEvent | readonly NewEvent[], how?: CallOptions) {
    return operations.sendEvents(tenant, body, how);
  }

  function createReplay(tenant: string, body: ReplayToCount, how?: CallOptions): Promise<ReplayCount>;
  function createReplay(tenant: string, body: ReplayToMake, how?: CallOptions): Promise<Replay>;
  function createReplay(
    tenant: string,
    body: CreateReplayBody,
    how?: CallOptions,
  ): Promise<ReplayCount | Replay>;
  function createReplay(tenant: string, body: CreateReplayBody, how?: CallOptions) {
    return operations.createReplay(tenant, body, how);
  }

  return { ...operations, sendEvents, sendEvent: sendEvents, createReplay };
}
