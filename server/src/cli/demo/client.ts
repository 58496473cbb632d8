import { members } from "./members.ts";
import type { Vendor } from "./protocol.ts";
import type { Sample } from "./samples.ts";

/** The few calls the demo makes; any HTTP client could. */
export interface DemoClient {
  /** Creates a tenant on its vendor's contract and returns an API key of its own. */
  createTenant(vendor: Vendor, name: string): Promise<string>;
  /** Creates an endpoint and returns its id, and the secret where it was made for it. */
  createEndpoint(vendor: Vendor, key: string, asked: AskedEndpoint): Promise<MadeEndpoint>;
  postEvents(vendor: Vendor, key: string, samples: readonly Sample[]): Promise<void>;
  /** Says how a lane is held; undefined if it is not. */
  hold(vendor: Vendor, key: string, endpoint: string): Promise<string | undefined>;
}

export interface AskedEndpoint {
  readonly url: string;
  /** Undefined: the vendor makes it. */
  readonly secret: string | undefined;
}

export interface MadeEndpoint {
  readonly id: string;
  readonly secret: string;
}

interface Call {
  readonly key: string;
  readonly body?: unknown;
}

type Members = Readonly<Record<string, unknown>>;

// The vendors' own delays are for days; a demonstration has a minute.
const QUICK_RETRIES = { delays_ms: [400, 800, 1600, 3200], jitter: 0.1 };

// Nor are the vendors' deadlines shown: where the machine is busy, a receiver that is slow would be sent what
// it has taken once more.
const PATIENCE = { timeout_ms: 60_000 };

export function createDemoClient(base: string, adminKey: string): DemoClient {
  async function call(method: string, path: string, { key, body }: Call): Promise<Members> {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    }
    return members(JSON.parse(text));
  }

  /** BSPK's customers register endpoints by its own API; the retries are quickened by ours. */
  async function createBspkEndpoint(key: string, url: string): Promise<MadeEndpoint> {
    const events = ["client.updated", "file_import.finished"];
    const made = await call("POST", "/api/platform/v1/webhook_endpoints", {
      key,
      body: { target_url: url, events, is_enabled: true },
    });
    const { data } = await call("GET", "/v1/tenants/bspk/endpoints", { key });
    const [endpoint] = Array.isArray(data) ? data.map(members) : [];
    const id = String(endpoint?.["id"]);
    await call("PATCH", `/v1/tenants/bspk/endpoints/${id}`, {
      key,
      body: { retry: QUICK_RETRIES, ...PATIENCE },
    });
    return { id, secret: String(made["secret"]) };
  }

  return {
    async createTenant(vendor, name) {
      await call("POST", "/v1/tenants", { key: adminKey, body: { id: vendor, name, contract: vendor } });
      const made = await call("POST", `/v1/tenants/${vendor}/keys`, {
        key: adminKey,
        body: { name: "demo" },
      });
      return String(made["key"]);
    },
    async createEndpoint(vendor, key, { url, secret }) {
      if (vendor === "bspk") {
        return await createBspkEndpoint(key, url);
      }
      const settings = vendor === "spektr" ? { hmac: true, batch_events_max: 20 } : {};
      const made = await call("POST", `/v1/tenants/${vendor}/endpoints`, {
        key,
        body: { url, secret, settings, ...PATIENCE },
      });
      return { id: String(made["id"]), secret: String(made["secret"]) };
    },
    async postEvents(vendor, key, samples) {
      const body = samples.map(({ event }) => event);
      await call("POST", `/v1/tenants/${vendor}/events`, { key, body });
    },
    async hold(vendor, key, endpoint) {
      const path = `/v1/tenants/${vendor}/endpoints/${endpoint}`;
      const { held_since, ...lane } = members((await call("GET", path, { key }))["lane"]);
      const { reason, waiting, next_probe_at } = lane;
      return held_since === null
        ? undefined
        : `held (${String(reason)}); ${String(waiting)} wait; next probe ${String(next_probe_at)}`;
    },
  };
}
