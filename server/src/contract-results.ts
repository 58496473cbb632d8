/** What a contract's functions may return: a user's contract may be plain JavaScript, or wrong. */
import type { ContractEvent, Method } from "@posthorn/contracts/contract";
import { headerNameProblem, headerValueProblem } from "./header-field.ts";
import { HOUR_MS } from "./model/duration.ts";

/** Above the largest batch of the largest events; a contract that makes more of them is wrong. */
const PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;
const BATCH_EVENTS_MAX = 1_000;
const BATCH_WAIT_MS_MAX = HOUR_MS;
const SECRET_LENGTH_MAX = 512;
const METHODS: readonly unknown[] = ["POST", "GET", "OPTIONS"] satisfies readonly Method[];
const REASON = /^[a-z][a-z0-9_]{0,63}$/;

/** Says what keeps a value from being a request, or a refusal to make one; repeats nothing of it. */
export function requestFault(value: unknown, events: readonly ContractEvent[]): string | undefined {
  switch (memberOf(value, "kind")) {
    case "request":
      return sendableFault(value);
    case "unrenderable":
      return unrenderableFault(value, events);
    default:
      return 'must have the kind "request" or "unrenderable"';
  }
}

function sendableFault(value: unknown): string | undefined {
  if (typeof memberOf(value, "url") !== "string") {
    return "must have a text as its url";
  }
  const method = memberOf(value, "method");
  if (method !== undefined && !METHODS.includes(method)) {
    return `must have one of ${METHODS.join(", ")} as its method, or none`;
  }
  const payload = memberOf(value, "payload");
  if (!(payload instanceof Uint8Array)) {
    return "must have a Uint8Array as its payload";
  }
  if (payload.byteLength > PAYLOAD_BYTES_MAX) {
    return `must have a payload of at most ${PAYLOAD_BYTES_MAX} bytes, it has ${payload.byteLength}`;
  }
  return headersFault(memberOf(value, "headers"));
}

/** Says what keeps a value from being a greeting, or none. */
export function greetingFault(value: unknown): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  return memberOf(value, "kind") === "request"
    ? sendableFault(value)
    : 'must have the kind "request", or be undefined';
}

function headersFault(headers: unknown): string | undefined {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) {
    return "must have an object of names and texts as its headers";
  }
  const seen: string[] = [];
  for (const name of Object.keys(headers)) {
    const lower = sendableName(name);
    const value = memberOf(headers, name);
    if (lower === undefined) {
      // A name that HTTP does not allow may be anything, a secret among them: it is not repeated.
      return "must have headers that can be sent: the name of one cannot be";
    }
    const problem = typeof value === "string" ? headerValueProblem(value) : "must be a text";
    if (problem !== undefined || seen.includes(lower)) {
      return `must have headers that can be sent: the one ${name} ${problem ?? "stands there twice"}`;
    }
    seen.push(lower);
  }
  return undefined;
}

// Contracts use the same few names in every request.
const NAMES_REMEMBERED_MAX = 1_000;
const sendableNames = new Map<string, string>();

/** Returns a header's name in lower case; undefined if it cannot be sent. */
function sendableName(name: string): string | undefined {
  const known = sendableNames.get(name);
  if (known !== undefined || headerNameProblem(name) !== undefined) {
    return known;
  }
  if (sendableNames.size >= NAMES_REMEMBERED_MAX) {
    sendableNames.clear();
  }
  sendableNames.set(name, name.toLowerCase());
  return name.toLowerCase();
}

function unrenderableFault(value: unknown, events: readonly ContractEvent[]): string | undefined {
  const offsets = memberOf(value, "offsets");
  if (offsets !== undefined && !isListOfSome(offsets, events)) {
    return "must have offsets of events it was given, or none to mean all of them";
  }
  return reasonFault(value);
}

function isListOfSome(offsets: unknown, events: readonly ContractEvent[]): boolean {
  const isKnown = (offset: unknown) => events.some((event) => event.offset === offset);
  return Array.isArray(offsets) && offsets.length > 0 && offsets.every(isKnown);
}

/** Says what keeps a value from being a verdict. */
export function verdictFault(value: unknown): string | undefined {
  switch (memberOf(value, "kind")) {
    case "delivered":
      return undefined;
    case "retry":
    case "hold":
      return reasonFault(value) ?? afterFault(memberOf(value, "afterMs"));
    case "rejected":
    case "disable":
      return reasonFault(value);
    default:
      return 'must have the kind "delivered", "rejected", "retry", "hold" or "disable"';
  }
}

/** Says what keeps a value from being what a contract read in the answer to a greeting. */
export function receptionFault(value: unknown): string | undefined {
  switch (memberOf(value, "kind")) {
    case "accepted":
      return rateFault(memberOf(value, "ratePerSecond"));
    case "refused":
      return reasonFault(value) ?? afterFault(memberOf(value, "afterMs"));
    default:
      return 'must have the kind "accepted" or "refused"';
  }
}

function rateFault(ratePerSecond: unknown): string | undefined {
  // At a rate of nothing, nothing would ever be sent.
  return ratePerSecond === undefined || (typeof ratePerSecond === "number" && ratePerSecond > 0)
    ? undefined
    : "must have a number above 0 as its ratePerSecond, or none";
}

function reasonFault(value: unknown): string | undefined {
  const reason = memberOf(value, "reason");
  return typeof reason === "string" && REASON.test(reason)
    ? undefined
    : "must have a reason of 1 to 64 characters of a-z, 0-9 and _, starting with a letter";
}

function afterFault(afterMs: unknown): string | undefined {
  return afterMs === undefined || (typeof afterMs === "number" && !Number.isNaN(afterMs))
    ? undefined
    : "must have a number as its afterMs, or none";
}

/** Says what keeps a value from being the limits of a batch. */
export function batchLimitsFault(value: unknown): string | undefined {
  const limits = [
    ["eventsMax", 1, BATCH_EVENTS_MAX],
    ["bytesMax", 1, PAYLOAD_BYTES_MAX],
    ["waitMs", 0, BATCH_WAIT_MS_MAX],
  ] as const;
  const wrong = limits.find(([name, from, to]) => {
    const limit = memberOf(value, name);
    return typeof limit !== "number" || !(limit >= from && limit <= to);
  });
  return wrong === undefined
    ? undefined
    : `must have a number from ${wrong[1]} to ${wrong[2]} as its ${wrong[0]}`;
}

/** Says what keeps a value from being a new endpoint's secret, or none. */
export function secretFault(value: unknown): string | undefined {
  const isSecret = typeof value === "string" && value.length >= 1 && value.length <= SECRET_LENGTH_MAX;
  return value === undefined || (isSecret && value.isWellFormed())
    ? undefined
    : `must be a text of 1 to ${SECRET_LENGTH_MAX} characters, or undefined`;
}

/** Says what keeps a value from being the public half of a secret, or none. */
export function publicKeyFault(value: unknown): string | undefined {
  return value === undefined || typeof value === "string" ? undefined : "must be a text, or undefined";
}

/** Says what keeps a value from being a public key as JSON. */
export function jwkFault(value: unknown): string | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.values(value).every((member) => typeof member === "string")
    ? undefined
    : "must be an object of texts";
}

/** Says what keeps a value from being a list of an endpoint's wrong members. */
export function endpointProblemsFault(value: unknown): string | undefined {
  const isProblem = (problem: unknown) =>
    typeof memberOf(problem, "pointer") === "string" && typeof memberOf(problem, "detail") === "string";
  return Array.isArray(value) && value.every(isProblem)
    ? undefined
    : "must be a list of {pointer, detail}, empty if nothing is wrong";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
