import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import {
  type Answer,
  type Contract,
  type ContractEndpoint,
  type ContractEvent,
  defineContract,
  type Handshake,
  type Verdict,
} from "@posthorn/contracts/contract";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";

/**
 * What the contracts of our own have in common: the verdicts that no vendor's batched or ordered contract
 * gives, and their live secrets in clear, for whoever checks.
 */
const plain = {
  catalogue: { kind: "open", eventTypes: [] },
  verdict,
  makeSecret: (randomBytes: (count: number) => Uint8Array) => Buffer.from(randomBytes(8)).toString("hex"),
  checkEndpoint: () => [],
} as const;

const defaults = {
  timeoutMs: 5000,
  maxInFlight: 1,
  retry: { delaysMs: [500, 2000], jitter: 0.1 },
  hold: { firstMs: 300, maxMs: 20_000, jitter: 0.2 },
  // Shorter than most outages, so that some endpoints are disabled for failing.
  disableAfterMs: 30_000,
};

const plainEach = defineContract({
  ...plain,
  name: "plain_each",
  discipline: "each",
  defaults: { ...defaults, maxInFlight: 3 },
  request: (endpoint, events) => requestOf(endpoint, events.map(textOf).join("")),
});

const plainBatch = defineContract({
  ...plain,
  name: "plain_batch",
  discipline: "batched",
  defaults,
  batchLimits: () => ({ eventsMax: 4, bytesMax: 3000, waitMs: 100 }),
  request: (endpoint, events) => requestOf(endpoint, `{"results":[${events.map(textOf).join(",")}]}`),
});

const plainOrder = defineContract({
  ...plain,
  name: "plain_order",
  discipline: "ordered",
  defaults,
  request: (endpoint, events) => requestOf(endpoint, events.map(textOf).join("")),
});

/** How a receiver of the simulation says yes to a greeting, and how many requests a second it wants. */
export const WELCOME_HEADER = "x-welcome";

const handshake: Handshake = {
  everyMs: 600_000,
  request({ url, settings }, { id }) {
    return settings["greets"] === true
      ? { kind: "request", method: "OPTIONS", url, headers: { "x-greeting": id }, payload: new Uint8Array() }
      : undefined;
  },
  reception({ answer }) {
    if (answer.kind !== "status") {
      return { kind: "refused", reason: answer.code };
    }
    const ratePerSecond = Number(answer.headers[WELCOME_HEADER]);
    const { "retry-after": after = "0" } = answer.headers;
    return ratePerSecond > 0
      ? { kind: "accepted", ratePerSecond }
      : { kind: "refused", reason: `status_${answer.status}`, afterMs: 1_000 * Number(after) };
  },
};

const plains = [plainEach, plainBatch, plainOrder];

/** The contracts that a user brought: of each discipline one, and another with a handshake. */
export const USERS_CONTRACTS: readonly Contract[] = [...plains, ...plains.map(greeted)];

/** Every contract of the simulated installation, as its author meant it. */
export const CONTRACTS: ReadonlyMap<string, Contract> = new Map(
  [standard, bspk, spektr, bubblehouse, ...USERS_CONTRACTS].map((contract) => [contract.name, contract]),
);

/** The same contract with a handshake. */
function greeted(contract: Contract): Contract {
  return defineContract({ ...contract, name: contract.name.replace("plain", "greeted"), handshake });
}

function requestOf({ url, secrets }: ContractEndpoint, text: string) {
  const headers = { "x-secrets": secrets.join(" ") };
  return { kind: "request", url, headers, payload: new TextEncoder().encode(text) } as const;
}

function textOf({ id, data }: ContractEvent): string {
  return `{"id":"${id}","data":${new TextDecoder().decode(data)}}`;
}

function verdict(answer: Answer): Verdict {
  if (answer.kind !== "status") {
    return { kind: "retry", reason: answer.code };
  }
  const reason = `status_${answer.status}`;
  switch (answer.status) {
    case 200:
      return { kind: "delivered" };
    case 410:
      return { kind: "disable", reason };
    case 422:
      return { kind: "rejected", reason };
    case 429:
      return { kind: "hold", reason, afterMs: 2500 };
    default:
      return { kind: "retry", reason };
  }
}
