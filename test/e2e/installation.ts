import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@posthorn/contracts/contract";
import { configOf } from "../../server/src/cli/config-given.ts";
import { type Server, startServer } from "../../server/src/main.ts";
import type { Resolve } from "../../server/src/outbound/resolve.ts";
import { type Databases, makeDatabases } from "../../server/src/stores/postgres/databases-fixture.ts";

/** An answer of the API, in the shape the test expects. */
export interface ApiAnswer<Shape> {
  readonly status: number;
  readonly json: Shape;
}

export interface EventShape {
  readonly id: string;
}

export interface DeliveryShape {
  readonly event_id: string;
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: number;
  readonly next_attempt_at: string | null;
}

export interface AttemptShape {
  readonly number: number;
  readonly verdict: string;
  readonly started_at: string;
}

export interface EndpointShape {
  readonly id: string;
  readonly secret: string;
  readonly state: string;
  readonly lane: {
    readonly waiting: number;
    readonly needs_attention: boolean;
    readonly held_since: string | null;
    readonly reason: string | null;
    readonly next_probe_at: string | null;
  };
}

export interface PageShape<Item> {
  readonly data: readonly Item[];
}

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A real server on a database of its own, with the API at hand. */
export interface Installation {
  readonly url: string;
  readonly adminKey: string;
  call<Shape>(method: string, path: string, body?: unknown): Promise<ApiAnswer<Shape>>;
  /** Posts a body as it is, with headers of its own. */
  post<Shape>(path: string, message: Message): Promise<ApiAnswer<Shape>>;
  /** Creates a tenant of its own name and returns `/v1/tenants/{tenant}`. */
  tenant(contract: string): Promise<string>;
  /**
   * Stops the server and starts another on the same database, with these options instead. What happens
   * `meanwhile`, nobody is there to see.
   */
  restart(options?: InstallationOptions, meanwhile?: () => void): Promise<void>;
  close(): Promise<void>;
}

export interface InstallationOptions {
  /** More of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: true. */
  readonly isDevelopment?: boolean;
  /** Where it listens. Default: where there is room. */
  readonly port?: number;
  /** Finds the addresses of receivers' names. Default: as in production. */
  readonly resolve?: Resolve;
  /** Contracts beside those that every installation has. Default: none. */
  readonly contracts?: readonly Contract[];
}

export async function install(options: InstallationOptions = {}): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-e2e-"));
  const database = await makeDatabase(folder);
  const start = ({ env = {}, port = 0, ...given }: InstallationOptions) => {
    const config = configOf({
      ...database.env,
      POSTHORN_LOG_LEVEL: "silent",
      ...env,
    });
    return startServer({ config: { ...config, port }, isDevelopment: true, ...given });
  };
  let server: Server = await start(options);
  let tenants = 0;

  async function send<Shape>(method: string, path: string, message?: Message): Promise<ApiAnswer<Shape>> {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${server.adminKey}`, ...message?.headers },
      ...(message === undefined ? {} : { body: message.body }),
    });
    const text = await response.text();
    const json: Shape = JSON.parse(text === "" ? "{}" : text);
    return { status: response.status, json };
  }

  return {
    get url() {
      return server.url;
    },
    get adminKey() {
      return server.adminKey ?? "";
    },
    call: (method, path, body) => send(method, path, body === undefined ? undefined : jsonMessage(body)),
    post: (path, message) => send("POST", path, message),
    async tenant(contract) {
      tenants += 1;
      const id = `tenant-${tenants}`;
      await send("POST", "/v1/tenants", jsonMessage({ id, name: id, contract }));
      return `/v1/tenants/${id}`;
    },
    async restart(other = options, meanwhile = () => {}) {
      await server.stop();
      meanwhile();
      server = await start(other);
    },
    async close() {
      await server.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The keys that a server in development makes beside a file, where there is no file. */
const KEYS = {
  POSTHORN_ADMIN_KEY: "the-admin-key-of-the-journeys-0001",
  POSTHORN_MASTER_KEY: Buffer.alloc(32, "journeys").toString("base64"),
};

let databases: Promise<Databases> | undefined;

/** A database of its own: in a file, or in the PostgreSQL that the environment of the tests names. */
async function makeDatabase(folder: string) {
  const postgres = process.env["TEST_JOURNEYS_ON"];
  if (postgres === undefined) {
    const env = { POSTHORN_DATABASE_URL: `sqlite:${join(folder, "e2e.db")}` };
    return { env, drop: async () => undefined };
  }
  databases ??= makeDatabases(postgres, Date.now());
  const { url, drop } = await (await databases).create();
  return { env: { POSTHORN_DATABASE_URL: url, ...KEYS }, drop };
}

function jsonMessage(body: unknown): Message {
  return {
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

// Far longer than anything takes on a busy machine, and shorter than a test may take.
const WATCHDOG_MS = 60_000;

/** Waits until a question has the answer yes. Throws after a minute, saying what was waited for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  giveUpAfterMs = WATCHDOG_MS,
): Promise<void> {
  for (const giveUpAt = Date.now() + giveUpAfterMs; Date.now() < giveUpAt; ) {
    if (await isSo()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  throw new Error(`waited in vain until ${what}`);
}
