/** Everything that can be asked for, and what is answered. */
import { audit } from "./answers/audit.ts";
import { catalogues } from "./answers/catalogues.ts";
import { deliveries } from "./answers/deliveries.ts";
import { endpoints } from "./answers/endpoints.ts";
import { events } from "./answers/events.ts";
import { faces } from "./answers/faces.ts";
import { installation } from "./answers/installation.ts";
import { replays } from "./answers/replays.ts";
import { sessions } from "./answers/sessions.ts";
import { stats } from "./answers/stats.ts";
import { stream } from "./answers/stream.ts";
import { tenants } from "./answers/tenants.ts";
import type { Operation, OperationGroup } from "./operation.ts";

export const OPERATION_GROUPS: readonly OperationGroup[] = [
  tenants,
  endpoints,
  events,
  deliveries,
  replays,
  stats,
  stream,
  catalogues,
  faces,
  sessions,
  audit,
  installation,
];

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  OPERATION_GROUPS.flatMap(({ operations }) => Object.entries(operations)),
);

/** Finds what is said of a route; its path has parameters as `:name`. */
export function operationAt(method: string, path: string): Operation | undefined {
  return OPERATIONS.get(`${method} ${path}`);
}
