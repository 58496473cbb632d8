import type {
  Answer,
  ContractAttempt,
  ContractEndpoint,
  ContractEvent,
  ContractRequest,
  Unrenderable,
} from "./contract.ts";

/** Milliseconds since 1970 at which offsets begin: 2020-01-01T00:00:00Z. */
const offsetEpoch = 1_577_836_800_000;
const sampleAt = Date.UTC(2026, 2, 14, 9, 26, 53, 589);

/** Makes an event to try a contract with: always the same, but for what is given. */
export function sampleEvent(
  given: Partial<Omit<ContractEvent, "data">> & { readonly data?: string | Uint8Array } = {},
): ContractEvent {
  const { data = '{"id":7}', ...rest } = given;
  return {
    id: "evt_0123456789abcdef",
    offset: (sampleAt - offsetEpoch) * 4096 + 7,
    shard: 5,
    tenantId: "ten_acme",
    type: "order.paid",
    subject: "67ea79350b4c07c041a50db7",
    occurredAt: sampleAt,
    ...rest,
    data: typeof data === "string" ? Buffer.from(data) : data,
  };
}

/** Makes an endpoint to try a contract with: one without secrets and settings, but for what is given. */
export function sampleEndpoint(given: Partial<ContractEndpoint> = {}): ContractEndpoint {
  return {
    id: "ep_1",
    tenantId: "ten_acme",
    url: "https://receiver.example/hooks",
    secrets: [],
    settings: {},
    ...given,
  };
}

/** Makes an attempt to try a contract with: the first, a second after the event, but for what is given. */
export function sampleAttempt(given: Partial<ContractAttempt> = {}): ContractAttempt {
  return { id: "att_1", number: 1, at: sampleAt + 1_000, ...given };
}

/** Makes an answer with a status line: whole and empty, but for what is given. */
export function sampleAnswer(
  status: number,
  given: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly bodyState?: "whole" | "capped" | "broken";
  } = {},
): Answer {
  const { headers = {}, body = "", bodyState = "whole" } = given;
  return { kind: "status", status, headers, body: Buffer.from(body), bodyState };
}

/** One answer of each kind that has no status line. */
export const answersWithoutStatus: readonly Exclude<Answer, { kind: "status" }>[] = [
  { kind: "unreachable", code: "connection_refused", detail: "127.0.0.1:9" },
  { kind: "timed_out", code: "timeout_headers", detail: "no headers within the deadline" },
  { kind: "blocked", code: "address_not_allowed", detail: "10.0.0.5" },
  { kind: "bad_response", code: "response_malformed", detail: "not HTTP" },
];

/** Returns the request that was rendered. Throws where it is unrenderable. */
export function rendered(result: ContractRequest | Unrenderable): ContractRequest {
  if (result.kind === "unrenderable") {
    throw new Error(`expected a request, got unrenderable: ${result.reason}`);
  }
  return result;
}

/** Writes a request as text: request line, headers, an empty line, the payload as it is. */
export function requestText(result: ContractRequest | Unrenderable): string {
  const { url, headers, payload } = rendered(result);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return `POST ${url}\n${head.join("")}\n${Buffer.from(payload).toString()}\n`;
}
