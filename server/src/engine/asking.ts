import type { Offset } from "../model/offset.ts";
import type { CommandResult, LiveDelivery, Skipping, SkipResult, Standing } from "./engine.ts";

/** What the owner of a lease is asked for, by whichever node. */
export type Asking =
  | { readonly kind: "retry" | "cancel" | "replay"; readonly delivery: LiveDelivery }
  | { readonly kind: "skip"; readonly skipping: Skipping }
  | { readonly kind: "replay_ranges" }
  | { readonly kind: "erase" | "standing"; readonly tenant: number };

/** What it answers; undefined: that it is done. */
export type AnyAnswer = CommandResult | SkipResult | Standing | undefined;

/** Says it as text, for another node. */
export function textOfAsking(asking: Asking): string {
  return JSON.stringify(asking);
}

/** Reads what another node asks for; undefined: what only a later version knows, and is left alone. */
export function askingIn(text: string): Asking | undefined {
  const { kind, delivery, skipping, tenant } = membersOf(JSON.parse(text));
  switch (kind) {
    case "retry":
    case "cancel":
    case "replay":
      return { kind, delivery: deliveryIn(delivery) };
    case "skip":
      return { kind, skipping: skippingIn(skipping) };
    case "replay_ranges":
      return { kind };
    case "erase":
    case "standing":
      return { kind, tenant: numberOf(tenant) };
    default:
      return undefined;
  }
}

/** Says an answer as text. */
export function textOfAnswer(answer: AnyAnswer): string {
  return JSON.stringify(answer ?? null);
}

const COMMAND_RESULTS: Readonly<Record<CommandResult, true>> = {
  done: true,
  settled: true,
  in_flight: true,
  in_batch: true,
  not_owed: true,
  erased: true,
  stopped: true,
};

export function commandResultIn(text: string): CommandResult {
  const result: unknown = JSON.parse(text);
  if (!isCommandResult(result)) {
    throw new Error(`an answer to a command is known, got ${typeof result}`);
  }
  return result;
}

function isCommandResult(value: unknown): value is CommandResult {
  return typeof value === "string" && Object.hasOwn(COMMAND_RESULTS, value);
}

export function skipResultIn(text: string): SkipResult {
  const { kind, from, to } = membersOf(JSON.parse(text));
  switch (kind) {
    case "skipped":
      return { kind, from: numberOf(from), to: numberOf(to) };
    case "nothing":
    case "in_flight":
    case "stopped":
    case "no_head":
      return { kind };
    default:
      throw new Error(`an answer to a skip is known, got ${typeof kind}`);
  }
}

export function standingIn(text: string): Standing {
  const members = membersOf(JSON.parse(text));
  const { oldestDueAt } = members;
  return {
    inFlight: numberOf(members["inFlight"]),
    deliveriesWaiting: numberOf(members["deliveriesWaiting"]),
    endpointsWaiting: numberOf(members["endpointsWaiting"]),
    lanesHeld: numberOf(members["lanesHeld"]),
    lanesStopped: numberOf(members["lanesStopped"]),
    oldestDueAt: oldestDueAt === undefined ? undefined : numberOf(oldestDueAt),
  };
}

function deliveryIn(value: unknown): LiveDelivery {
  const { tenant, endpoint, offset } = membersOf(value);
  return { tenant: numberOf(tenant), endpoint: numberOf(endpoint), offset: numberOf(offset) };
}

function skippingIn(value: unknown): Skipping {
  const { endpoint, to } = membersOf(value);
  return { endpoint: numberOf(endpoint), to: to === undefined ? undefined : numberOf(to) };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function numberOf(value: unknown): Offset {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new Error(`what is asked of another node has whole numbers, got ${typeof value}`);
  }
  return value;
}
