import type { Operation } from "./description/operation.ts";
import { operationAt } from "./description/operations.ts";

/** An operation that is written down in the audit log. */
export interface Audited {
  /** As the API's description names it. */
  readonly action: string;
  /** Whether an answer of this status says that something was done. */
  readonly isDone: (status: number) => boolean;
  /** Finds the id of what an answer says was made. */
  readonly madeIn: (answer: unknown) => Readonly<Record<string, string>>;
}

/**
 * What is not read and yet changes nothing, and accepting events: they are stored themselves, with who sent
 * them known by the key, and there are too many.
 */
export const NOT_AUDITED: ReadonlySet<string> = new Set([
  "sendEvents",
  "askPermission",
  "createListener",
  "renderEvent",
  "renderSample",
]);

/** By operation: what it makes, by the name that paths have for it, and where its answer has the id. */
const MADE: Readonly<Record<string, readonly [name: string, ...path: string[]]>> = {
  createTenant: ["tenant", "id"],
  createKey: ["key", "id"],
  createEndpoint: ["endpoint", "id"],
  createBspkEndpoint: ["id", "id"],
  registerEventType: ["type", "name"],
  createReplay: ["replay", "id"],
  recover: ["replay", "replay", "id"],
  sendTest: ["event", "id"],
};

const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Says how a route is audited; undefined: it is not. Its path has parameters as `:name`. */
export function auditedAt(method: string, path: string): Audited | undefined {
  const operation = READING.has(method) ? undefined : operationAt(method, path);
  if (operation === undefined || NOT_AUDITED.has(operation.id)) {
    return undefined;
  }
  const made = MADE[operation.id];
  return {
    action: operation.id,
    isDone: (status) => isDone(operation, status),
    madeIn: (answer) => (made === undefined ? {} : madeIn(answer, made)),
  };
}

/** Where 202 says that something was begun, 200 says that it was only counted, or nothing was there to do. */
function isDone({ answers }: Operation, status: number): boolean {
  return status >= 200 && status < 300 && !(status === 200 && 202 in answers);
}

function madeIn(answer: unknown, [name, ...path]: readonly [string, ...string[]]): Record<string, string> {
  const id = path.reduce<unknown>(
    (value, member) => (typeof value === "object" && value !== null ? Reflect.get(value, member) : undefined),
    answer,
  );
  return typeof id === "string" || typeof id === "number" ? { [name]: String(id) } : {};
}
