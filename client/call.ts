/** How calls are made. */

/**
 * How a client calls its server.
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
export interface ClientOptions {
  /** Of the server, such as `https://posthorn.example.com`. */
  readonly url: string;
  /** An admin key, or a key of one tenant. Default: none, where `fetch` says who asks. */
  readonly key?: string | undefined;
  /** How often a request that may be made again is made again. Default: 3. */
  readonly retries?: number | undefined;
  /** Of one request, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: the runtime's. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * How one call is made: every method takes it last.
 *
 * @example
 * ```ts
 * const created = { type: "cart.created", data: { id: 456 } };
 * const options = { idempotencyKey: "cart-456", timeoutMs: 5000, signal: AbortSignal.timeout(60_000) };
 * const first = await posthorn.sendEvent(tenant, created, options);
 * const again = await posthorn.sendEvent(tenant, created, options);
 * console.log(again.id === first.id); // → true
 * ```
 */
export interface CallOptions {
  /** Ends the call early: it fails with what the signal was aborted with. */
  readonly signal?: AbortSignal | undefined;
  /** Of one request; a call may make several. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  /** Makes a call that may be made again, and has the effect of one. Default: made for `sendEvents`. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * What an operation is given beside what stands in its path.
 *
 * @see {@link Call}
 */
export interface Given {
  readonly body?: unknown;
  readonly query?: object | undefined;
  readonly options?: CallOptions | undefined;
}

/**
 * One page of a list.
 *
 * @see {@link Pages}
 */
export interface Page<Item> {
  readonly data: readonly Item[];
  /** Of the next page. Null: this was the last. */
  readonly next_cursor: string | null;
}

/**
 * A list: iterated, it is every item of all pages.
 *
 * @example
 * ```ts
 * await posthorn.sendEvents(tenant, [
 *   { type: "Points Updated", subject: "12345", data: { customer: { shopid: "12345" } } },
 *   { type: "Tier Reached", subject: "12345", data: { customer: { shopid: "12345" } } },
 * ]);
 * for await (const { type, subject } of posthorn.listEvents(tenant, { subject: "12345" })) {
 *   console.log(type, subject); // → Tier Reached 12345 → Points Updated 12345
 * }
 * const { data, next_cursor } = await posthorn.listEvents(tenant, { limit: 1 }).page();
 * console.log(data.length, next_cursor === null); // → 1 false
 * ```
 */
export interface Pages<Item> extends AsyncIterable<Item> {
  /**
   * Asks for one page. Default: the first.
   *
   * @see {@link Pages}
   */
  page(cursor?: string): Promise<Page<Item>>;
}

/**
 * What happens, from now on, until whoever iterates stops. A connection that breaks is made again, and goes
 * on where it ended; each begins with a message that says whether something was missed.
 *
 * @example
 * ```ts
 * await posthorn.createEndpoint(tenant, { url: receiver, contract: "bspk" });
 * for await (const message of posthorn.watch(tenant, { states: "delivered" })) {
 *   if (message.kind === "started") {
 *     await posthorn.sendEvent(tenant, { type: "cart.created", data: { id: 456 } });
 *   } else if (message.kind === "delivery") {
 *     console.log(message.delivery.type, message.delivery.state); // → cart.created delivered
 *     break;
 *   }
 * }
 * ```
 */
export type Stream<Message> = AsyncIterable<Message>;

/**
 * Makes calls: over HTTP, or as a test of your own wants them answered.
 *
 * @example
 * ```ts
 * import type { Call, Given } from "@posthorn/client/call";
 * import { operationsOver } from "@posthorn/client/operations";
 * import { PosthornError } from "@posthorn/client/posthorn-error";
 *
 * const asked: Given[] = [];
 * const refuse = (): never => {
 *   throw new PosthornError({ code: "overloaded", detail: "as in a test", status: 503 });
 * };
 * const once: Call["once"] = async (_method, _path, given) => {
 *   asked.push(given);
 *   return refuse();
 * };
 * const operations = operationsOver({ once, pages: refuse, stream: refuse });
 * await operations.createTenant({ name: "Example Boutique" }).catch(String).then(console.log);
 * // → PosthornError: overloaded: as in a test
 * console.log(asked); // → [ { body: { name: 'Example Boutique' }, options: undefined } ]
 * ```
 */
export interface Call {
  /**
   * Asks for one answer.
   *
   * @see {@link Call}
   */
  once<Shape>(method: string, path: string, given: Given): Promise<Shape>;
  /**
   * Asks for a list.
   *
   * @see {@link Call}
   */
  pages<Item>(path: string, given: Given): Pages<Item>;
  /**
   * Asks for what happens from now on.
   *
   * @see {@link Call}
   */
  stream<Message>(path: string, given: Given): Stream<Message>;
}
