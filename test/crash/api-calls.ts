/** The calls of the API that these tests make, over HTTP, as any program would. */
import type { ReceiverName } from "./logs.ts";

export const ADMIN_KEY = "the-admin-key-of-the-crash-tests-0001";

export const TENANT_ID = "crash";

export const TENANT = `/v1/tenants/${TENANT_ID}`;

export interface ApiAnswer {
  readonly status: number;
  readonly json: unknown;
}

export interface Call {
  readonly path: string;
  readonly text?: string | undefined;
  readonly key?: string | undefined;
  readonly signal?: AbortSignal;
}

/** Makes one call. Rejects if there was no answer. */
export async function call(
  url: string,
  method: string,
  { path, text, key, signal }: Call,
): Promise<ApiAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      ...(text === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { "idempotency-key": key }),
    },
    ...(text === undefined ? {} : { body: text }),
    ...(signal === undefined ? {} : { signal }),
  });
  const answer = await response.text();
  return { status: response.status, json: answer === "" ? undefined : (JSON.parse(answer) as unknown) };
}

/** Makes a call that must succeed. Throws an Error that says what was answered. */
export async function mustCall(
  url: string,
  method: string,
  { path, content }: { path: string; content?: object },
): Promise<unknown> {
  const text = content === undefined ? undefined : JSON.stringify(content);
  const { status, json } = await call(url, method, { path, text });
  if (status < 200 || status > 299) {
    throw new Error(`${method} ${path} must succeed, got ${status}: ${JSON.stringify(json)}`);
  }
  return json;
}

/** Of the endpoints that let several requests fly at a time. */
export const IN_FLIGHT_MAX = { bspk: 4, standard: 6 } as const;

/**
 * Deliveries of such an endpoint that may be answered and not durable when the process dies. A slot is free
 * again at the answer: while one turn's answers are being committed, the next turn's can come, and their
 * slots are taken again.
 */
export const UNSETTLED_MAX = { bspk: 3 * IN_FLIGHT_MAX.bspk, standard: 3 * IN_FLIGHT_MAX.standard } as const;

// Slow enough for some to outlive the process that had their payloads in memory, and so many that no
// delivery of these tests uses them up.
const RETRY = { delays_ms: Array.from({ length: 100 }, (_, used) => Math.min(150 + 10 * used, 400)) };

// As long as it may be: whatever is answered is read, on a machine however busy.
const TIMEOUT_MS = 60_000;

/** Given, so that the receiver has it when Hello1 comes, which is as soon as the endpoint is created. */
export const BUBBLEHOUSE_SECRET = Buffer.alloc(32, "crash").toString("base64");

const ENDPOINTS: Readonly<Record<ReceiverName, object>> = {
  bspk: { contract: "bspk", max_in_flight: IN_FLIGHT_MAX.bspk },
  spektr: { contract: "spektr", settings: { hmac: true, batch_events_max: 10, batch_wait_ms: 20 } },
  bubblehouse: { contract: "bubblehouse", event_types: ["Points Updated"], secret: BUBBLEHOUSE_SECRET },
  standard: { contract: "standard", max_in_flight: IN_FLIGHT_MAX.standard },
};

export interface MadeEndpoint {
  readonly id: string;
  readonly secret: string;
}

export async function createTenant(url: string): Promise<void> {
  await mustCall(url, "POST", { path: "/v1/tenants", content: { id: TENANT_ID, name: "Crash" } });
}

/** Creates the endpoint of a receiver. */
export async function createEndpoint(
  url: string,
  receiver: ReceiverName,
  receiverUrl: string,
): Promise<MadeEndpoint> {
  const content = { url: receiverUrl, ...ENDPOINTS[receiver], retry: RETRY, timeout_ms: TIMEOUT_MS };
  const made = membersOf(await mustCall(url, "POST", { path: `${TENANT}/endpoints`, content }));
  return { id: String(made["id"]), secret: String(made["secret"]) };
}

/** Whether nothing is owed to an endpoint any more, in flight or waiting. */
export async function isDrained(url: string, endpoint: string): Promise<boolean> {
  const answer = membersOf(await mustCall(url, "GET", { path: `${TENANT}/endpoints/${endpoint}` }));
  const { waiting, held_since } = membersOf(answer["lane"]);
  return waiting === 0 && held_since === null;
}

/** Tries held lanes now, as a person does who knows that their receivers are back. */
export async function retryHeldLanes(url: string, endpoints: readonly string[]): Promise<void> {
  for (const endpoint of endpoints) {
    const answer = membersOf(await mustCall(url, "GET", { path: `${TENANT}/endpoints/${endpoint}` }));
    if (membersOf(answer["lane"])["held_since"] !== null) {
      await retryAll(url, endpoint);
    }
  }
}

const PAGES_MAX = 20;

/** Makes due now whatever of an endpoint waits for its next attempt. */
export async function retryAll(url: string, endpoint: string): Promise<void> {
  let cursor = "";
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const path = `${TENANT}/deliveries?endpoint=${endpoint}&state=retrying&limit=100${cursor}`;
    const { data, next_cursor } = membersOf(await mustCall(url, "GET", { path }));
    for (const delivery of Array.isArray(data) ? (data as readonly unknown[]) : []) {
      await retryNow(url, String(membersOf(delivery)["id"]));
    }
    if (next_cursor === null) {
      return;
    }
    cursor = `&cursor=${String(next_cursor)}`;
  }
}

/** Makes a delivery due now, unless it is on its way already, or settled. */
export async function retryNow(url: string, delivery: string): Promise<void> {
  const { status, json } = await call(url, "POST", { path: `${TENANT}/deliveries/${delivery}/retry` });
  if (status !== 202 && status !== 409) {
    throw new Error(`delivery ${delivery} must be retried, got ${status}: ${JSON.stringify(json)}`);
  }
}

export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) {
    throw new Error(`an object was expected, got ${typeof value}`);
  }
  return { ...value };
}
