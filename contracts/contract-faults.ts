import { given, isAsync } from "./given-value.ts";

/** What one member of a contract must be. */
interface Rule {
  /** Where it stands in the contract: `defaults.retry.jitter`. */
  readonly member: string;
  /** Completes "must be …". */
  readonly allowed: string;
  readonly isAllowed: (value: unknown) => boolean;
}

// Where an endpoint may set the same, the limits are those of the API.
const timeoutMsMax = 60_000;
const inFlightMax = 1_000;
const delaysMax = 100;
const delayMsMax = 30 * 86_400_000;
const holdMsMax = 86_400_000;
const disableAfterMsMax = 365 * 86_400_000;
// A greeting must count for longer than it takes to send what waits for it.
const greetingMsMin = 1_000;
const greetingMsMax = 365 * 86_400_000;

const rules: readonly Rule[] = [
  {
    member: "name",
    allowed: "1 to 64 characters of a-z, 0-9, - and _, starting with a letter",
    isAllowed: (value) => typeof value === "string" && /^[a-z][a-z0-9_-]{0,63}$/.test(value),
  },
  oneOf("discipline", ["each", "batched", "ordered"]),
  oneOf("catalogue.kind", ["open", "closed"]),
  {
    member: "catalogue.eventTypes",
    allowed: "a list of {name, description, deprecatedFor?, schema?, example?}, each name once",
    isAllowed: isListOfEventTypes,
  },
  number("defaults.timeoutMs", { above: 0, to: timeoutMsMax }),
  wholeNumber("defaults.maxInFlight", { from: 1, to: inFlightMax }),
  {
    member: "defaults.retry.delaysMs",
    allowed: `a list of at most ${delaysMax} numbers from 0 to ${delayMsMax}`,
    isAllowed: (value) =>
      Array.isArray(value) &&
      value.length <= delaysMax &&
      value.every((delay) => isWithin(delay, 0, delayMsMax)),
  },
  number("defaults.retry.jitter", { from: 0, to: 1 }),
  number("defaults.hold.firstMs", { above: 0, to: holdMsMax }),
  number("defaults.hold.maxMs", { above: 0, to: holdMsMax }),
  number("defaults.hold.jitter", { from: 0, to: 1 }),
  {
    member: "defaults.disableAfterMs",
    allowed: `a number above 0 and at most ${disableAfterMsMax}, or absent`,
    isAllowed: (value) => value === undefined || (isWithin(value, 0, disableAfterMsMax) && value !== 0),
  },
  {
    member: "reservedHeaders",
    allowed: "a list of names of headers in lower case, or absent",
    isAllowed: (value) => value === undefined || isListOfHeaderNames(value),
  },
  {
    member: "settingsSchema",
    allowed: "a JSON Schema that is an object, or absent",
    isAllowed: isObjectOrAbsent,
  },
  synchronous("request"),
  synchronous("verdict"),
  synchronous("makeSecret"),
  synchronous("checkEndpoint"),
];

/**
 * Says what keeps a value from being a contract, a sentence for each member; empty if it is whole.
 *
 * It calls none of the contract's functions.
 */
export function contractFaults(value: unknown): readonly string[] {
  const faults = rules.flatMap((rule) => faultOf(value, rule));
  return faults.length > 0
    ? faults
    : [batchFaults, keyFaults, holdFaults, handshakeFaults].flatMap((faultsOf) => faultsOf(value));
}

function faultOf(contract: unknown, { member, allowed, isAllowed }: Rule): readonly string[] {
  const value = memberAt(contract, member);
  return isAllowed(value) ? [] : [`${member} must be ${allowed}, got ${given(value)}`];
}

/** Members that depend on one another are looked at when each is right by itself. */
function batchFaults(contract: unknown): readonly string[] {
  const batchLimits = memberAt(contract, "batchLimits");
  if ((memberAt(contract, "discipline") === "batched") !== (batchLimits !== undefined)) {
    return ["batchLimits must be given exactly when the discipline is batched"];
  }
  return batchLimits === undefined ? [] : faultOf(contract, synchronous("batchLimits"));
}

function keyFaults(contract: unknown): readonly string[] {
  const pair = ["publicKeyOf", "jwkOf"];
  const present = pair.filter((member) => memberAt(contract, member) !== undefined);
  return present.length === 1
    ? ["publicKeyOf and jwkOf must be given together"]
    : present.flatMap((member) => faultOf(contract, synchronous(member)));
}

function holdFaults(contract: unknown): readonly string[] {
  const firstMs = memberAt(contract, "defaults.hold.firstMs");
  const maxMs = memberAt(contract, "defaults.hold.maxMs");
  return Number(firstMs) <= Number(maxMs)
    ? []
    : ["defaults.hold.maxMs must be at least defaults.hold.firstMs"];
}

function handshakeFaults(contract: unknown): readonly string[] {
  const members = [
    number("handshake.everyMs", { from: greetingMsMin, to: greetingMsMax }),
    synchronous("handshake.request"),
    synchronous("handshake.reception"),
  ];
  return memberAt(contract, "handshake") === undefined
    ? []
    : members.flatMap((rule) => faultOf(contract, rule));
}

function memberAt(value: unknown, member: string): unknown {
  let found = value;
  for (const name of member.split(".")) {
    if (typeof found !== "object" || found === null) {
      return undefined;
    }
    found = Reflect.get(found, name);
  }
  return found;
}

function oneOf(member: string, words: readonly string[]): Rule {
  const allowed = `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`;
  return { member, allowed, isAllowed: (value) => words.some((word) => word === value) };
}

type Limits =
  | { readonly from: number; readonly to: number }
  | { readonly above: number; readonly to: number };

function number(member: string, limits: Limits): Rule {
  const { to } = limits;
  return "from" in limits
    ? {
        member,
        allowed: `a number from ${limits.from} to ${to}`,
        isAllowed: (value) => isWithin(value, limits.from, to),
      }
    : {
        member,
        allowed: `a number above ${limits.above} and at most ${to}`,
        isAllowed: (value) => isWithin(value, limits.above, to) && value !== limits.above,
      };
}

function wholeNumber(member: string, { from, to }: { readonly from: number; readonly to: number }): Rule {
  const allowed = `a whole number from ${from} to ${to}`;
  return { member, allowed, isAllowed: (value) => Number.isInteger(value) && isWithin(value, from, to) };
}

function isWithin(value: unknown, from: number, to: number): boolean {
  return typeof value === "number" && value >= from && value <= to;
}

function synchronous(member: string): Rule {
  return {
    member,
    allowed: "a function that returns its result, not a promise",
    isAllowed: (value) => typeof value === "function" && !isAsync(value),
  };
}

function isListOfEventTypes(value: unknown): boolean {
  if (!Array.isArray(value)) {
    return false;
  }
  const names = value.map((type: unknown) => memberAt(type, "name"));
  return value.every(isEventType) && new Set(names).size === names.length;
}

function isEventType(value: unknown): boolean {
  const replacement = memberAt(value, "deprecatedFor");
  return (
    isEventTypeName(memberAt(value, "name")) &&
    typeof memberAt(value, "description") === "string" &&
    (replacement === undefined || isEventTypeName(replacement)) &&
    ["schema", "example"].map((name) => memberAt(value, name)).every(isObjectOrAbsent)
  );
}

function isObjectOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value));
}

function isEventTypeName(value: unknown): boolean {
  return typeof value === "string" && /^[^\p{Cc},]{1,128}$/u.test(value);
}

function isListOfHeaderNames(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === "string" && /^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name))
  );
}
