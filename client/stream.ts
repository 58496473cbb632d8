import { readAnswer } from "./answer.ts";
import type { Stream } from "./call.ts";
import { PosthornError } from "./posthorn-error.ts";
import { wait, waitMsBefore } from "./retry.ts";

export interface StreamRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly send: typeof globalThis.fetch;
  /** Of the first connection; one that was there is made again for as long as somebody iterates. */
  readonly retries: number;
  /** Until an answer begins. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The server says something every 15 seconds: a connection that is silent for longer is not one. */
const SILENT_MS_MAX = 50_000;
const AGAIN_MS = 100;

/** Reads server-sent events whose data is JSON, over as many connections as it takes. */
export function openStream<Message>(request: StreamRequest): Stream<Message> {
  return { [Symbol.asyncIterator]: () => messagesOf<Message>(request) };
}

async function* messagesOf<Message>(request: StreamRequest): AsyncGenerator<Message> {
  const { retries, signal } = request;
  let lastId: string | undefined;
  let hasBegun = false;
  for (let failures = 0; ; failures += 1) {
    try {
      for await (const { id, data } of readOnce(request, lastId)) {
        hasBegun = true;
        failures = 0;
        lastId = id ?? lastId;
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what the API describes
        yield JSON.parse(data) as Message;
      }
      // A stream has an end by itself: the next one begins where it was.
      await wait(AGAIN_MS, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const mayGoOn = hasBegun || failures < retries;
      const waitMs = mayGoOn ? waitMsBefore(failures, { error, isRepeatable: true }) : undefined;
      if (waitMs === undefined) {
        throw error;
      }
      await wait(waitMs, signal);
    }
  }
}

interface ServerSentEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** Reads what one connection brings. Throws where none is made, or where it breaks. */
async function* readOnce(
  { url, headers, send, timeoutMs, signal }: StreamRequest,
  lastId: string | undefined,
): AsyncGenerator<ServerSentEvent> {
  const silence = new AbortController();
  const end = (): void => silence.abort();
  let timer = setTimeout(end, timeoutMs);
  const isHeard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(end, SILENT_MS_MAX);
  };
  try {
    const answer = await send(url, {
      headers: { ...headers, ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
      signal: signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal]),
    });
    const { body, status } = answer;
    const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (body === null || !isStream) {
      readAnswer({ status, headers: answer.headers, text: await answer.text() });
      throw new PosthornError({ code: "not_posthorn", detail: "the answer is no stream", status });
    }
    isHeard();
    yield* eventsIn(body.pipeThrough(new TextDecoderStream()), isHeard);
  } catch (cause) {
    if (cause instanceof PosthornError) {
      throw cause;
    }
    throw new PosthornError({ code: "unreachable", detail: `the stream of ${url} broke`, cause });
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** Parts a text into events; fields other than `id` and `data` are of no use here. */
async function* eventsIn(texts: ReadableStream<string>, onText: () => void): AsyncGenerator<ServerSentEvent> {
  let rest = "";
  // Not every browser iterates over streams.
  const reader = texts.getReader();
  for (;;) {
    const { done, value: text } = await reader.read();
    if (done) {
      return;
    }
    onText();
    const events = (rest + text).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const lines = event.split("\n");
      const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
      const id = lines.find((line) => line.startsWith("id: "))?.slice(4);
      if (data.length > 0) {
        yield { id, data: data.join("\n") };
      }
    }
  }
}
