import { type Answer, readAnswer } from "./answer.ts";
import type { Call, ClientOptions, Given, Page, Pages, Stream } from "./call.ts";
import { PosthornError } from "./posthorn-error.ts";
import { wait, waitMsBefore } from "./retry.ts";
import { openStream } from "./stream.ts";

const TIMEOUT_MS = 30_000;
const RETRIES = 3;
/** Of a server; or a path, or nothing, of the server that a page came from. */
const BASE = /^(?:https?:\/\/|\/|$)/;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly given: Given;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes calls over HTTP, again where that cannot do a thing twice. */
export function createCall(client: ClientOptions): Call {
  const { url, key, retries = RETRIES, timeoutMs: usualMs = TIMEOUT_MS } = client;
  if (!BASE.test(url)) {
    // What was given may be a key: it is not said.
    throw new TypeError("url must be where a server is, as in https://posthorn.example.com");
  }
  const send = client.fetch ?? globalThis.fetch;
  const base = url.replace(/\/+$/, "");
  const letIn = key === undefined ? {} : { authorization: `Bearer ${key}` };

  async function ask({ method, path, given, headers }: Asked): Promise<Answer> {
    const { body, query, options = {} } = given;
    const timeoutMs = options.timeoutMs ?? usualMs;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
    try {
      const answer = await send(`${base}${path}${queryOf(query)}`, {
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw deadline.aborted
        ? new PosthornError({ code: "timed_out", detail: `no answer in ${timeoutMs} ms`, cause })
        : new PosthornError({ code: "unreachable", detail: `${base} does not answer`, cause });
    }
  }

  async function once<Shape>(method: string, path: string, given: Given): Promise<Shape> {
    const idempotencyKey = given.options?.idempotencyKey ?? madeKey(method, path, given.body);
    const headers = {
      ...letIn,
      accept: "application/json",
      ...(given.body === undefined ? {} : { "content-type": "application/json" }),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    };
    const isRepeatable = method === "GET" || idempotencyKey !== undefined || keysOf(given.body) === "all";
    for (let failures = 0; ; failures += 1) {
      try {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what the API describes
        return readAnswer(await ask({ method, path, given, headers })) as Shape;
      } catch (error) {
        const waitMs = failures < retries ? waitMsBefore(failures, { error, isRepeatable }) : undefined;
        if (waitMs === undefined) {
          throw error;
        }
        await wait(waitMs, given.options?.signal);
      }
    }
  }

  return {
    once,
    stream<Message>(path: string, { query, options }: Given): Stream<Message> {
      return openStream<Message>({
        url: `${base}${path}${queryOf(query)}`,
        headers: { ...letIn, accept: "text/event-stream" },
        send,
        retries,
        timeoutMs: options?.timeoutMs ?? usualMs,
        signal: options?.signal,
      });
    },
    pages<Item>(path: string, given: Given): Pages<Item> {
      const page = async (cursor?: string): Promise<Page<Item>> =>
        checkedPage(
          await once<Partial<Page<Item>>>("GET", path, { ...given, query: { ...given.query, cursor } }),
        );
      return { page, [Symbol.asyncIterator]: () => itemsOf(page) };
    },
  };
}

/** Another server may answer any path with 200 and JSON of its own. */
function checkedPage<Item>(given: Partial<Page<Item>> | undefined): Page<Item> {
  const { data, next_cursor = null } = given ?? {};
  if (!Array.isArray(data)) {
    throw new PosthornError({
      code: "not_posthorn",
      detail: "the answer is not a page of Posthorn's: is another server at this address?",
    });
  }
  return { data, next_cursor };
}

async function* itemsOf<Item>(page: Pages<Item>["page"]): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const { data, next_cursor } = await page(cursor);
    yield* data;
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** Where events are handed over, a key makes what is asked twice count once. */
function madeKey(method: string, path: string, body: unknown): string | undefined {
  const isHandedOver = method === "POST" && path.endsWith("/events");
  return isHandedOver && keysOf(body) === "none" ? randomKey() : undefined;
}

/** `crypto.randomUUID` is kept from pages that came by plain http. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** Which events of a body have keys of their own. */
function keysOf(body: unknown): "all" | "some" | "none" {
  const events: readonly unknown[] = Array.isArray(body) ? body : [body];
  const keyed = events.filter(hasKey).length;
  return keyed === 0 ? "none" : keyed === events.length ? "all" : "some";
}

function hasKey(event: unknown): boolean {
  return (
    typeof event === "object" &&
    event !== null &&
    "idempotency_key" in event &&
    typeof event.idempotency_key === "string"
  );
}

function queryOf(query: object | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}
