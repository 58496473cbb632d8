import type { Vendor } from "./protocol.ts";
import type { Sample } from "./samples.ts";

/** The few calls the demo makes; any HTTP client could. */
export interface DemoClient {
  /** Creates a tenant on its vendor's contract and returns an API key of its own. */
  createTenant(vendor: Vendor, name: string): Promise<string>;
  createEndpoint(vendor: Vendor, key: string, url: string): Promise<{ id: string; secret: string }>;
  postEvents(vendor: Vendor, key: string, samples: readonly Sample[]): Promise<void>;
  lane(vendor: Vendor, key: string, endpoint: string): Promise<LaneStatus>;
}

export interface LaneStatus {
  readonly waiting: number;
  readonly held_since: string | null;
  readonly reason: string | null;
  readonly next_probe_at: string | null;
}

// The vendors' own delays are for days; a demonstration has a minute.
const QUICK_RETRIES = { delays_ms: [400, 800, 1600, 3200], jitter: 0.1 };

export function createDemoClient(base: string, adminKey: string): DemoClient {
  async function call<T>(
    method: string,
    path: string,
    { key, body }: { key: string; body?: unknown },
  ): Promise<T> {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    }
    const value: T = JSON.parse(text);
    return value;
  }

  /** BSPK's customers register endpoints by its own API; the retries are quickened by ours. */
  async function createBspkEndpoint(key: string, url: string): Promise<{ id: string; secret: string }> {
    const { secret } = await call<{ secret: string }>("POST", "/api/platform/v1/webhook_endpoints", {
      key,
      body: {
        target_url: `${url}/webhooks`,
        events: ["client.updated", "file_import.finished"],
        is_enabled: true,
      },
    });
    const { data } = await call<{ data: { id: string }[] }>("GET", "/v1/tenants/bspk/endpoints", { key });
    const id = data[0]?.id ?? "";
    await call("PATCH", `/v1/tenants/bspk/endpoints/${id}`, { key, body: { retry: QUICK_RETRIES } });
    return { id, secret };
  }

  return {
    async createTenant(vendor, name) {
      await call("POST", "/v1/tenants", { key: adminKey, body: { id: vendor, name, contract: vendor } });
      const made = await call<{ key: string }>("POST", `/v1/tenants/${vendor}/keys`, {
        key: adminKey,
        body: { name: "demo" },
      });
      return made.key;
    },
    async createEndpoint(vendor, key, url) {
      if (vendor === "bspk") {
        return await createBspkEndpoint(key, url);
      }
      const body =
        vendor === "spektr"
          ? { url, settings: { hmac: true, batch_events_max: 20 } }
          : { url: `${url}/bh/:name` };
      return await call("POST", `/v1/tenants/${vendor}/endpoints`, { key, body });
    },
    async postEvents(vendor, key, samples) {
      const body = samples.map(({ event }) => event);
      await call("POST", `/v1/tenants/${vendor}/events`, { key, body });
    },
    async lane(vendor, key, endpoint) {
      const path = `/v1/tenants/${vendor}/endpoints/${endpoint}`;
      return (await call<{ lane: LaneStatus }>("GET", path, { key })).lane;
    },
  };
}
