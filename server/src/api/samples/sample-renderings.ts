import type { Contract, EventExample } from "@posthorn/contracts/contract";
import { exampleOf } from "@posthorn/contracts/event-example";
import { ContractFault } from "../../checked-contract.ts";
import type { Endpoint } from "../../model/endpoint.ts";
import type { StoredEvent } from "../../model/event.ts";
import { offsetAt } from "../../model/offset.ts";
import type { Tenant } from "../../model/tenant.ts";
import { Problem } from "../../problem.ts";
import { contractOf } from "../endpoint-verbs.ts";
import type { ApiPorts } from "../ports.ts";
import { type Renderer, rendered } from "../rendering.ts";
import { type ShownHeader, shownHeaders, shownUrl } from "../shown-headers.ts";
import type { AskedSample } from "./sample-body.ts";

/** Nobody's, in the forms that contracts want: some put the name of what they call into its path. */
const URLS = ["https://receiver.example/webhooks", "https://receiver.example/webhooks/:name"] as const;

/**
 * Says an event that is nowhere as each contract would, or one of them, or an endpoint. Nothing is stored,
 * none of it is sent, and no secret of anybody is used: what is signed is signed with one made for it.
 */
export async function sampleRenderings(ports: ApiPorts, tenant: Tenant, asked: AskedSample) {
  const event = await sampleOf(ports, tenant, asked);
  const given = { tenant, event };
  if (asked.endpoint !== undefined) {
    return [asEndpoint(ports, given, await endpointOf(ports, tenant, asked.endpoint))];
  }
  const contracts =
    asked.contract === undefined ? [...ports.contracts.values()] : [contractOf(ports, asked.contract)];
  return contracts.map((contract) => asNobody(ports, given, contract));
}

interface Given {
  readonly tenant: Tenant;
  readonly event: StoredEvent;
}

/** What is given goes before the tenant's own example, and that before those of the catalogues. */
async function sampleOf(ports: ApiPorts, tenant: Tenant, asked: AskedSample): Promise<StoredEvent> {
  const { clock, registry } = ports;
  const known = await registry.findEventType(tenant.number, asked.type);
  const example = exampleIn(ports, tenant, asked.type);
  const at = clock.now();
  return {
    offset: offsetAt(at),
    tenant: tenant.number,
    type: asked.type,
    subject: asked.subject ?? example.subject,
    occurredAt: at,
    expiresAt: undefined,
    to: undefined,
    data: asked.data ?? Buffer.from(known?.example ?? JSON.stringify(example.data)),
    extensions: undefined,
  };
}

/** Finds an example of a type, in the catalogue of the tenant's contract before the others'. */
function exampleIn({ contracts, defaultContract }: ApiPorts, tenant: Tenant, type: string): EventExample {
  const own = contracts.get(tenant.contract ?? defaultContract);
  const all = [...(own === undefined ? [] : [own]), ...contracts.values()];
  const described = all.find(({ catalogue }) => catalogue.eventTypes.some(({ name }) => name === type));
  return exampleOf(described?.catalogue ?? { kind: "open", eventTypes: [] }, type);
}

async function endpointOf({ ids, registry }: ApiPorts, tenant: Tenant, id: string): Promise<Endpoint> {
  const number = ids.endpointNumberOf(id);
  const endpoint = number === undefined ? undefined : await registry.findEndpoint(tenant.number, number);
  if (endpoint === undefined) {
    const detail = "must be the id of an endpoint of this tenant";
    throw new Problem("invalid_request", "There is no such endpoint.", [{ pointer: "/endpoint", detail }]);
  }
  return endpoint;
}

function asEndpoint(ports: ApiPorts, given: Given, endpoint: Endpoint) {
  const { config, secrets, number, contract: name } = endpoint;
  const ofWhom = { contract: name, endpoint_id: ports.ids.endpoint(number) };
  const contract = ports.contracts.get(name);
  if (contract === undefined) {
    return { ...ofWhom, ...without("contract_unknown") };
  }
  const { url, settings } = config;
  return {
    ...ofWhom,
    ...attempted(() => {
      const [newest] = secrets;
      const secret = newest && contract.makeSecret((count) => ports.random.bytes(count), settings, newest);
      const renderer = { contract, url, secret, settings, endpoint: number };
      const headersOf: Said["headersOf"] = (headers) => shownHeaders(config.headers, headers);
      return said(ports, { ...given, headersOf }, renderer);
    }),
  };
}

function asNobody(ports: ApiPorts, given: Given, contract: Contract) {
  const ofWhom = { contract: contract.name, endpoint_id: null };
  return {
    ...ofWhom,
    ...attempted(() => {
      const secret = contract.makeSecret((count) => ports.random.bytes(count), {});
      const url = URLS.find((one) => isTaken(contract, one, secret));
      return url === undefined
        ? without("settings_needed")
        : said(ports, { ...given, headersOf: allOf }, { contract, url, secret, settings: {} });
    }),
  };
}

function isTaken(contract: Contract, url: string, secret: string | undefined): boolean {
  return contract.checkEndpoint({ url, secret, keptSecrets: [], settings: {} }).length === 0;
}

/** A contract that fails, as code of the installation may, leaves the others to be shown. */
function attempted<Shown>(show: () => Shown): Shown | ReturnType<typeof without> {
  try {
    return show();
  } catch (error) {
    if (error instanceof ContractFault) {
      return without("contract_failed");
    }
    throw error;
  }
}

function without(reason: string) {
  return { reason, request: null };
}

/** What is signed with a secret that was made for it proves nothing to anybody. */
function allOf(headers: Readonly<Record<string, string>>): readonly ShownHeader[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

interface Said extends Given {
  readonly headersOf: (headers: Readonly<Record<string, string>>) => readonly ShownHeader[];
}

function said(ports: ApiPorts, { headersOf, ...given }: Said, renderer: Renderer) {
  const made = rendered(ports, given, renderer);
  if (made.kind === "unrenderable") {
    return without(made.reason);
  }
  return {
    reason: null,
    request: {
      method: made.method ?? "POST",
      url: shownUrl(made.url),
      headers: headersOf({ "user-agent": `Posthorn/${ports.version}`, ...made.headers }),
      payload: Buffer.from(made.payload).toString("base64"),
    },
  };
}
