/** How calls are made. */

export interface ClientOptions {
  /** Of the server, such as `https://posthorn.example.com`. */
  readonly url: string;
  /** An admin key, or a key of one tenant. Default: none, where `fetch` says who asks. */
  readonly key?: string | undefined;
  /** How often a request that may be made again is made again. Default: 3. */
  readonly retries?: number;
  /** Of one request, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Default: the runtime's. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface CallOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /** Of one request; a call may make several. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  /** Makes a call that may be made again, and has the effect of one. Default: made for `sendEvents`. */
  readonly idempotencyKey?: string | undefined;
}

export interface Given {
  readonly body?: unknown;
  readonly query?: object | undefined;
  readonly options?: CallOptions | undefined;
}

/** One page of a list. */
export interface Page<Item> {
  readonly data: readonly Item[];
  /** Of the next page. Null: this was the last. */
  readonly next_cursor: string | null;
}

/** A list: iterated, it is every item of all pages. */
export interface Pages<Item> extends AsyncIterable<Item> {
  /** Asks for one page. Default: the first. */
  page(cursor?: string): Promise<Page<Item>>;
}

/**
 * What happens, from now on, until whoever iterates stops. A connection that breaks is made again, and goes
 * on where it ended; each begins with a message that says whether something was missed.
 */
export type Stream<Message> = AsyncIterable<Message>;

export interface Call {
  once<Shape>(method: string, path: string, given: Given): Promise<Shape>;
  pages<Item>(path: string, given: Given): Pages<Item>;
  stream<Message>(path: string, given: Given): Stream<Message>;
}
