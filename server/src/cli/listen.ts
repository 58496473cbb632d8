import type { LiveEvent, Rendered } from "@posthorn/client/operations";
import { PosthornError } from "@posthorn/client/posthorn-error";
import { type Connection, connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { plain } from "./remote/table.ts";
import { untilInterrupted } from "./remote/until-interrupted.ts";
import { UsageError } from "./remote/usage-error.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  "forward-to": { type: "string" },
  types: { type: "string" },
  contract: { type: "string" },
} as const;

const TIMEOUT_MS = 30_000;
const SHOWN_MAX = 200;

/** What a listener is, and what its requests are signed with. */
interface Listener {
  readonly url: string;
  readonly contract: string;
  readonly secret: string | undefined;
}

/**
 * `posthorn listen --forward-to URL [--types t,…] [--contract name] [--json]`: makes of each event that is
 * accepted the request that an endpoint would get, and makes it from here. What comes of it is printed, and
 * told to nobody: nothing is stored, retried, or waits for it.
 */
export async function listen(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  const { "forward-to": url, types, json } = values;
  if (url === undefined || !URL.canParse(url)) {
    throw new UsageError(`posthorn listen takes --forward-to and a URL, got ${JSON.stringify(url ?? "")}`);
  }
  const connection = connectionOf(values);
  const { client, tenant } = connection;
  const made = await client.createListener(tenant, { url, contract: values.contract });
  const listener: Listener = { url, contract: made.contract, secret: made.secret ?? undefined };
  return await untilInterrupted(async (signal) => {
    for await (const message of client.watch(tenant, { kinds: "event", types }, { signal })) {
      if (message.kind === "started" && !message.has_missed) {
        tellListening(listener, json);
      } else if (message.kind === "event" && message.event.to === null) {
        await forward(connection, { listener, event: message.event, isJson: json, signal });
      } else if (message.kind === "left_out" || message.kind === "started") {
        process.stderr.write("events were missed: there were too many, or the connection was lost\n");
      }
    }
  });
}

function tellListening({ url, contract, secret }: Listener, isJson: boolean): void {
  if (isJson) {
    print(JSON.stringify({ kind: "listening", url, contract, secret: secret ?? null }));
    return;
  }
  const verify = secret === undefined ? "nothing is signed" : `verify with the secret ${secret}`;
  process.stderr.write(`events go to ${url}, by the contract ${contract}: ${verify}\n`);
}

interface Forwarding {
  readonly listener: Listener;
  readonly event: LiveEvent["event"];
  readonly isJson: boolean;
  readonly signal: AbortSignal;
}

async function forward({ client, tenant }: Connection, forwarding: Forwarding): Promise<void> {
  const { listener, event, isJson, signal } = forwarding;
  const { request, reason } = await client
    .renderEvent(tenant, event.id, listener, { signal })
    .catch(whyNotThere);
  const told =
    request === null
      ? { status: null, error: reason, duration_ms: 0, answer: null }
      : await make(request, signal);
  if (isJson) {
    print(JSON.stringify({ kind: "forwarded", event_id: event.id, type: event.type, ...told }));
    return;
  }
  const answer = told.answer === null || told.answer === "" ? [] : [told.answer];
  const line = [`${told.status ?? told.error}`, event.type, event.id, `${told.duration_ms} ms`, ...answer];
  print(line.map(plain).join("  "));
}

/** Codes of an event that is not there any more when its turn comes. */
const GONE = ["event_erased", "event_expired", "not_found"];

function whyNotThere(error: unknown): Pick<Rendered, "request" | "reason"> {
  if (error instanceof PosthornError && GONE.includes(error.code)) {
    return { request: null, reason: error.code };
  }
  throw error;
}

/** Makes a request as it stands, and says what came of it. */
async function make(
  { method, url, headers, payload }: NonNullable<Rendered["request"]>,
  signal: AbortSignal,
) {
  const startedAt = performance.now();
  const tookMs = (): number => Math.round(performance.now() - startedAt);
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(method === "POST" ? { body: Buffer.from(payload, "base64") } : {}),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      error: null,
      duration_ms: tookMs(),
      answer: text.slice(0, SHOWN_MAX),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { status: null, error: codeOf(error), duration_ms: tookMs(), answer: null };
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return code === "" ? (cause instanceof Error ? cause.message : "no answer") : code;
}
