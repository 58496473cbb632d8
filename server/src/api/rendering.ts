import type { Contract, ContractRequest } from "@posthorn/contracts/contract";
import { contractEvent } from "../engine/attempt.ts";
import { isInCatalogue } from "../engine/owed.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Tenant } from "../model/tenant.ts";
import type { ApiPorts } from "./ports.ts";

// No endpoint has it: numbers begin at one.
const NO_ENDPOINT = 0;

/** As whom an event is said: an endpoint, or what could be one. */
export interface Renderer {
  readonly contract: Contract;
  readonly url: string;
  readonly secret: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its number. Default: it is nowhere. */
  readonly endpoint?: number;
}

/** Says an event as a contract would in a first attempt made now, or why the contract cannot say it. */
export function rendered(
  { ids, clock }: Pick<ApiPorts, "ids" | "clock">,
  { tenant, event }: { readonly tenant: Tenant; readonly event: StoredEvent },
  { contract, url, secret, settings, endpoint = NO_ENDPOINT }: Renderer,
): ContractRequest | { readonly kind: "unrenderable"; readonly reason: string } {
  if (!isInCatalogue(contract, event.type)) {
    return { kind: "unrenderable", reason: "not_in_catalogue" };
  }
  const { shard, id: tenantId } = tenant;
  const secrets = secret === undefined ? [] : [secret];
  return contract.request(
    { id: ids.endpoint(endpoint), tenantId, url, secrets, settings },
    [contractEvent(event, { tenant }, ids)],
    {
      id: ids.attempt({ shard, offset: event.offset, endpoint, cursor: 0, number: 1 }),
      number: 1,
      at: clock.now(),
    },
  );
}
