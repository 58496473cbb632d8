import type { Contract } from "@posthorn/contracts/contract";
import { Type } from "typebox";
import { Problem } from "../../problem.ts";
import type { Access } from "../access.ts";
import { catalogueTypeSummary, catalogueTypeView } from "../event-types/view.ts";
import type { Api, ApiPorts } from "../ports.ts";

const EventTypesQuery = Type.Object(
  { contract: Type.Optional(Type.String({ maxLength: 64, description: "Default: all." })) },
  { additionalProperties: false },
);

/** `/v1/contracts` and `/v1/event-types`: what this installation can send, and what is known of it. */
export function addContractRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { contracts, defaultContract } = ports;

  app.get("/v1/contracts", { onRequest: access.anyone }, () => ({
    data: [...contracts.values()].map((contract) => contractView(contract, defaultContract)),
    next_cursor: null,
  }));

  app.get(
    "/v1/event-types",
    { onRequest: access.anyone, schema: { querystring: EventTypesQuery } },
    (request) => ({
      data: contractsNamed(contracts, request.query.contract).flatMap(({ name, catalogue }) =>
        catalogue.eventTypes.map((type) => catalogueTypeView(type, name)),
      ),
      next_cursor: null,
    }),
  );
}

function contractsNamed(
  contracts: ReadonlyMap<string, Contract>,
  name: string | undefined,
): readonly Contract[] {
  if (name === undefined) {
    return [...contracts.values()];
  }
  const contract = contracts.get(name);
  if (contract === undefined) {
    const detail = `must be one of ${[...contracts.keys()].join(", ")}`;
    throw new Problem("invalid_request", "There is no such contract.", [{ pointer: "?contract", detail }]);
  }
  return [contract];
}

function contractView(
  { name, discipline, catalogue, defaults, batchLimits, handshake, settingsSchema }: Contract,
  defaultContract: string,
) {
  const { timeoutMs, maxInFlight, retry, hold, disableAfterMs } = defaults;
  const batch = batchLimits?.({});
  return {
    name,
    discipline,
    is_default: name === defaultContract,
    /** What must be answered before anything is sent, and how long that counts. */
    handshake: handshake === undefined ? null : { every_ms: handshake.everyMs },
    catalogue: catalogue.kind,
    event_types: catalogue.eventTypes.map(catalogueTypeSummary),
    /** Of an endpoint's `settings`. */
    settings_schema: settingsSchema ?? null,
    defaults: {
      timeout_ms: timeoutMs,
      max_in_flight: maxInFlight,
      retry: { delays_ms: retry.delaysMs, jitter: retry.jitter },
      hold: { first_ms: hold.firstMs, max_ms: hold.maxMs, jitter: hold.jitter },
      batch:
        batch === undefined
          ? null
          : { events_max: batch.eventsMax, bytes_max: batch.bytesMax, wait_ms: batch.waitMs },
      disable_after_ms: disableAfterMs ?? null,
    },
  };
}
