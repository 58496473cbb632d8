import type { TestContext } from "node:test";
import type { Clock } from "../../clock.ts";
import type { Endpoint } from "../../model/endpoint.ts";
import type { Tenant } from "../../model/tenant.ts";
import type { Random } from "../../random.ts";
import type { Reader } from "../../reader.ts";
import type { EndpointDraft, Registry } from "../../registry.ts";
import type { Store, TakenLease } from "../../store.ts";

/** The three ports over the same data. */
export interface Stores extends Store, Registry, Reader {}

export interface Opened {
  readonly stores: Stores;
  /** Opens the same data again, as the next process does. */
  reopen(): Promise<Stores>;
}

export type Open = (
  ports: { readonly clock: Clock; readonly random: Random },
  t: TestContext,
) => Promise<Opened>;

/** A clock that stands still until it is set. */
export interface TestClock extends Clock {
  at: number;
}

export interface Setup extends Opened {
  readonly clock: TestClock;
  readonly lease: TakenLease;
  readonly tenant: Tenant;
  readonly other: Tenant;
}

/** 2026-01-02T03:04:05.006Z */
export const START = 1_767_323_045_006;

/** Opens a store with two tenants, whose lease is taken. */
export async function setUp(open: Open, t: TestContext): Promise<Setup> {
  const clock = createTestClock();
  const opened = await open({ clock, random: createTestRandom() }, t);
  const { stores } = opened;
  return {
    ...opened,
    clock,
    lease: await stores.takeLease(0),
    tenant: await createTenant(stores, "acme"),
    other: await createTenant(stores, "globex"),
  };
}

export async function createTenant(stores: Registry, id: string): Promise<Tenant> {
  const draft = { id, name: `${id} Inc.`, contract: undefined, shard: 7, createdAt: START };
  const tenant = await stores.createTenant(draft);
  if (tenant === undefined) {
    throw new Error(`the id ${id} is free`);
  }
  return tenant;
}

/** Creates an endpoint of a tenant that is there. */
export async function createEndpoint(stores: Registry, draft: EndpointDraft): Promise<Endpoint> {
  const endpoint = await stores.createEndpoint(draft);
  if (endpoint === undefined) {
    throw new Error(`tenant ${draft.tenant} is there`);
  }
  return endpoint;
}

function createTestClock(): TestClock {
  return {
    at: START,
    now() {
      return this.at;
    },
    monotonic() {
      return this.at;
    },
    after() {
      throw new Error("a store sets no timers");
    },
  };
}

/** Never gives the same bytes twice. */
function createTestRandom(): Random {
  let calls = 0;
  return {
    fraction: () => 0.5,
    bytes(count) {
      calls += 1;
      return new Uint8Array(count).fill(calls);
    },
  };
}
