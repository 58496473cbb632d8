import type { Contract } from "@posthorn/contracts/contract";
import type { Clock } from "../server/src/clock.ts";
import type { EndpointConfig } from "../server/src/model/endpoint.ts";
import { SHARD_COUNT, type Tenant } from "../server/src/model/tenant.ts";
import { findOperator } from "../server/src/operator.ts";
import type { Registry } from "../server/src/registry.ts";
import { CONTRACTS } from "./contracts.ts";
import type { Plan } from "./plan.ts";
import type { Dice } from "./random.ts";

/** Who is there: tenants and their endpoints, with what the simulation must know of them. */
export interface World {
  readonly tenants: readonly Tenant[];
  /** Who is told what the server tells of itself. */
  readonly operator: Tenant;
  /** By number. */
  readonly endpoints: ReadonlyMap<number, KnownEndpoint>;
  /** By the host of their URLs. */
  readonly hosts: ReadonlyMap<string, KnownEndpoint>;
  addEndpoint(tenant: Tenant): Promise<KnownEndpoint>;
  /** Tenants that were deleted: what is submitted for them is refused. */
  readonly ended: Set<Tenant>;
}

export interface KnownEndpoint {
  readonly number: number;
  readonly host: string;
  readonly tenant: Tenant;
  readonly contract: Contract;
  readonly config: EndpointConfig;
}

export const EVENT_TYPES = [
  "client.updated",
  "cart.created",
  "order.paid",
  "process_run_end",
  "alert_escalated",
  "Points Updated",
] as const;

export const SUBSCRIPTIONS: readonly [Subscription, ...Subscription[]] = [
  undefined,
  undefined,
  ["*"],
  ["client.*", "process*"],
  ["*_*", "*.created", "order.paid"],
  ["Points Updated", "client.updated"],
  [],
];

export type Subscription = readonly string[] | undefined;

/** In the others, what the server tells of itself cannot be said, or not be told apart. */
const OPERATORS_CONTRACTS = ["standard", "plain_each", "plain_batch", "plain_order"];

const OPERATORS_SUBSCRIPTIONS: readonly [Subscription, ...Subscription[]] = [
  undefined,
  ["endpoint.*"],
  ["delivery.dead"],
];

/** Makes the world's tenants and first endpoints. */
export async function createWorld(
  plan: Plan,
  { dice, registry, clock }: { dice: Dice; registry: Registry; clock: Clock },
): Promise<World> {
  const tenants: Tenant[] = [];
  const endpoints = new Map<number, KnownEndpoint>();
  const hosts = new Map<string, KnownEndpoint>();
  const operator = await findOperator(registry, clock);

  async function addEndpoint(tenant: Tenant): Promise<KnownEndpoint> {
    const isOperators = tenant === operator;
    const contracts = [...CONTRACTS.values()];
    const contract = dice.pick(
      isOperators ? contracts.filter(({ name }) => OPERATORS_CONTRACTS.includes(name)) : contracts,
    );
    const host = `r${hosts.size + 1}.test`;
    const config = drawConfig(dice, contract, { host, isPatient: plan.isPatient });
    const secret = contract.makeSecret((count) => dice.bytes(count), config.settings);
    const created = await registry.createEndpoint({
      tenant: tenant.number,
      contract: contract.name,
      config,
      state: dice.chance(0.1) ? "paused" : "enabled",
      eventTypes: dice.pick(isOperators ? OPERATORS_SUBSCRIPTIONS : SUBSCRIPTIONS),
      secret: secret === undefined ? undefined : { seal: () => sealedText(secret), publicKey: undefined },
      now: clock.now(),
    });
    if (created === undefined) {
      throw new Error(`tenant ${tenant.number} is there`);
    }
    const { number } = created;
    const endpoint = { number, host, tenant, contract, config };
    endpoints.set(number, endpoint);
    hosts.set(host, endpoint);
    return endpoint;
  }

  for (let count = 1; count <= plan.tenants; count += 1) {
    const tenant = await registry.createTenant({
      id: `ten_${count}`,
      name: `Tenant ${count}`,
      contract: undefined,
      shard: dice.below(SHARD_COUNT),
      createdAt: clock.now(),
    });
    if (tenant === undefined) {
      throw new Error(`tenant ${count} is new`);
    }
    tenants.push(tenant);
  }
  for (let count = 0; count < plan.endpoints; count += 1) {
    await addEndpoint(dice.pick(tenants));
  }
  for (let count = 0; count < plan.operatorsEndpoints; count += 1) {
    await addEndpoint(operator);
  }
  return { tenants, operator, endpoints, hosts, addEndpoint, ended: new Set() };
}

/** Secrets of the simulation are sealed as they are, so that whoever checks can read them. */
export function sealedText(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}

export function openedText(sealed: Uint8Array): string {
  return new TextDecoder().decode(sealed);
}

function drawConfig(
  dice: Dice,
  contract: Contract,
  { host, isPatient }: { host: string; isPatient: boolean },
): EndpointConfig {
  return {
    url: urlOf(host, 0),
    description: undefined,
    headers: {},
    maxInFlight: dice.chance(0.5) ? dice.between(1, 4) : undefined,
    ratePerSecond: dice.chance(0.1) ? dice.pick([3, 7, 50]) : undefined,
    latestOnlyBy: dice.chance(0.2) ? dice.pick(["subject", "type_and_subject"]) : undefined,
    timeoutMs: dice.chance(0.3) ? 2000 : undefined,
    retry: isPatient ? undefined : { delaysMs: dice.pick([[1000, 5000, 30_000], [200], []]), jitter: 0.2 },
    metadata: {},
    settings: drawSettings(dice, contract),
  };
}

function drawSettings(dice: Dice, { name }: Contract): EndpointConfig["settings"] {
  if (name.startsWith("greeted")) {
    return { greets: dice.chance(0.8) };
  }
  return name === "spektr"
    ? {
        batch_events_max: dice.between(1, 8),
        batch_bytes_max: dice.pick([1000, 1_000_000]),
        batch_wait_ms: dice.pick([0, 50, 500]),
        hmac: dice.chance(0.5),
      }
    : {};
}

/** Every change of a URL gives it another generation; the host stays. */
export function urlOf(host: string, generation: number): string {
  return `https://${host}/hooks/${generation}/:name`;
}
