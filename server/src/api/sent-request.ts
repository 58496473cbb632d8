import { hash } from "node:crypto";
import type { Contract, ContractRequest } from "@posthorn/contracts/contract";
import { ContractFault } from "../checked-contract.ts";
import { contractEvent } from "../engine/attempt.ts";
import type { Attempt } from "../model/delivery.ts";
import type { Endpoint } from "../model/endpoint.ts";
import { isErased } from "../model/erasure.ts";
import type { StoredEvent } from "../model/event.ts";
import type { Offset } from "../model/offset.ts";
import type { Tenant } from "../model/tenant.ts";
import { readMembers } from "./batch-members.ts";
import type { ApiPorts } from "./ports.ts";
import { shownHeaders, shownUrl } from "./shown-headers.ts";

/** Why a request is not shown, or cannot be said to be the one that was sent. */
export const REQUEST_REASONS = [
  "endpoint_gone",
  "contract_unknown",
  "batch_scattered",
  "event_gone",
  "event_erased",
  "not_sent",
  "unrenderable_now",
  "contract_failed",
  "endpoint_changed",
  "rendering_changed",
  "payload_made_with_secret",
] as const;

type Reason = (typeof REQUEST_REASONS)[number];

/**
 * Shows the request of an attempt that stands in full. It is not stored: it is made again, by the contract,
 * with the attempt's own id, number and time, and its payload is compared with the hash that was stored. It
 * is made with a secret that is nobody's, so that whatever a contract does with one, nothing that is shown
 * proves anything to a receiver; of headers and URL, what may be a credential is left out besides.
 */
export async function sentRequest(ports: ApiPorts, tenant: Tenant, attempt: Attempt) {
  const { ids } = ports;
  const { shard } = tenant;
  const endpoint = await ports.endpoints.find(tenant, attempt.endpoint);
  const contract = ports.contracts.get(endpoint?.contract ?? "");
  const offsets =
    contract?.discipline === "batched" ? await readMembers(ports, tenant.number, attempt) : [attempt.offset];
  return {
    attempt_id: ids.attempt({ shard, ...attempt }),
    contract: endpoint?.contract ?? null,
    event_ids: (offsets ?? []).map((offset) => ids.event({ shard, offset })),
    ...(await requestAgain(ports, tenant, { attempt, endpoint, contract, offsets })),
  };
}

interface Given {
  readonly attempt: Attempt;
  readonly endpoint: Endpoint | undefined;
  readonly contract: Contract | undefined;
  /** Of its events, in their order. Undefined: they are not found. */
  readonly offsets: readonly Offset[] | undefined;
}

async function requestAgain(
  ports: ApiPorts,
  tenant: Tenant,
  { attempt, endpoint, contract, offsets }: Given,
) {
  if (endpoint === undefined) {
    return without("endpoint_gone");
  }
  if (contract === undefined) {
    return without("contract_unknown");
  }
  if (offsets === undefined) {
    return without("batch_scattered");
  }
  const events: StoredEvent[] = [];
  for (const offset of offsets) {
    const event = await ports.reader.readEvent(tenant.number, offset);
    if (event === undefined || isErased(event)) {
      return without(event === undefined ? "event_gone" : "event_erased");
    }
    events.push(event);
  }
  // What was erased took the hash with it.
  if (attempt.payloadHash === undefined) {
    return without("not_sent");
  }
  const make = () => rendered(ports, tenant, { attempt, endpoint, contract, events });
  try {
    const request = make();
    return request === undefined
      ? without("unrenderable_now")
      : {
          ...compared(request, { attempt, endpoint, again: make }),
          request: shown(ports, endpoint, request),
        };
  } catch (error) {
    if (error instanceof ContractFault) {
      return without("contract_failed");
    }
    throw error;
  }
}

function without(reason: Reason) {
  return { matches: null, reason, request: null };
}

interface Rendering {
  readonly attempt: Attempt;
  readonly endpoint: Endpoint;
  readonly contract: Contract;
  readonly events: readonly StoredEvent[];
}

/** Makes the request with a fresh secret that is nobody's, where the endpoint has one. */
function rendered(
  { ids, random }: ApiPorts,
  tenant: Tenant,
  { attempt, endpoint, contract, events }: Rendering,
): ContractRequest | undefined {
  const { config, secrets } = endpoint;
  const [newest] = secrets;
  const nobodys = newest && contract.makeSecret((count) => random.bytes(count), config.settings, newest);
  const made = contract.request(
    {
      id: ids.endpoint(endpoint.number),
      tenantId: tenant.id,
      url: config.url,
      secrets: nobodys === undefined ? [] : [nobodys],
      settings: config.settings,
    },
    events.map((event) => contractEvent(event, { tenant }, ids)),
    {
      id: ids.attempt({ shard: tenant.shard, ...attempt }),
      number: attempt.number,
      at: attempt.startedAt,
    },
  );
  return made.kind === "request" ? made : undefined;
}

interface Compared {
  readonly attempt: Attempt;
  readonly endpoint: Endpoint;
  /** Makes it once more, with another secret. */
  readonly again: () => ContractRequest | undefined;
}

function compared(
  { payload }: ContractRequest,
  { attempt, endpoint, again }: Compared,
): { readonly matches: boolean | null; readonly reason: Reason | null } {
  if (Buffer.from(attempt.payloadHash ?? []).equals(digest(payload))) {
    return { matches: true, reason: null };
  }
  const other = again();
  if (other !== undefined && !Buffer.from(other.payload).equals(payload)) {
    return { matches: null, reason: "payload_made_with_secret" };
  }
  const isChanged = endpoint.updatedAt > attempt.startedAt;
  return { matches: false, reason: isChanged ? "endpoint_changed" : "rendering_changed" };
}

/** As an attempt stores it: the first half of a SHA-256. */
function digest(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer").subarray(0, 16);
}

function shown({ version }: ApiPorts, { config }: Endpoint, request: ContractRequest) {
  const { method = "POST", url, payload } = request;
  const ofContract = { "user-agent": `Posthorn/${version}`, ...request.headers };
  return {
    method,
    url: shownUrl(url),
    headers: shownHeaders(config.headers, ofContract),
    payload: Buffer.from(payload).toString("base64"),
  };
}
