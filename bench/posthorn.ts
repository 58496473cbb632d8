import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { freePort } from "./free-port.ts";
import { cpuMsOf, memoryBytesOf, processorWaitMsOf } from "./process-figures.ts";

/** A server as users run it, in a process of its own on a fresh database, with its API at hand. */
export interface Posthorn {
  /** Makes the call and returns the answer's JSON. Throws where it is not a 2xx. */
  post<Shape>(path: string, body: unknown): Promise<Shape>;
  /** For whoever makes calls of his own. */
  readonly address: Address;
  cpuMs(): number;
  /** How long it has been kept waiting for a processor, in all. */
  processorWaitMs(): number;
  /** Resident, now. */
  memoryBytes(): number;
  /** Of the database's file and its log. */
  diskBytes(): number;
  /** Ends its process as a deployment does. */
  end(): Promise<void>;
  /** Starts it again; returns after how many milliseconds it served. */
  start(): Promise<number>;
  /** Ends it for good, and removes what it kept. */
  stop(): Promise<void>;
}

/** Where its API is, and what lets one in. */
export interface Address {
  readonly origin: string;
  readonly authorization: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly pool: Pool;
  readonly startMs: number;
}

const SERVER = fileURLToPath(new URL("../server/src/cli.ts", import.meta.url));
const ADMIN_KEY = "benchmark".repeat(4);
/** What servers seal secrets under. */
export const MASTER_KEY = Buffer.alloc(32, 7);
const AUTHORIZATION = `Bearer ${ADMIN_KEY}`;
const API_CONNECTIONS = 256;

/** Starts `posthorn serve` with its defaults, but that receivers on this machine may be called. */
export async function startPosthorn(environment: NodeJS.ProcessEnv = {}): Promise<Posthorn> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-bench-"));
  const database = join(folder, "bench.db");
  const env = {
    ...process.env,
    POSTHORN_PORT: String(await freePort()),
    POSTHORN_DATABASE_URL: `sqlite:${database}`,
    POSTHORN_ADMIN_KEY: ADMIN_KEY,
    POSTHORN_MASTER_KEY: MASTER_KEY.toString("base64"),
    POSTHORN_EGRESS_ALLOW: "127.0.0.0/8",
    POSTHORN_LOG_LEVEL: "warn",
    ...environment,
  };
  let running = await start(env);
  return {
    async post<Shape>(path: string, body: unknown): Promise<Shape> {
      const answer = await running.pool.request({
        method: "POST",
        path,
        headers: { authorization: AUTHORIZATION, "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) {
        throw new Error(`POST ${path} answers ${answer.statusCode}: ${text}`);
      }
      const json: Shape = JSON.parse(text);
      return json;
    },
    address: { origin: `http://127.0.0.1:${env.POSTHORN_PORT}`, authorization: AUTHORIZATION },
    cpuMs: () => cpuMsOf(running.child),
    processorWaitMs: () => processorWaitMsOf(running.child),
    memoryBytes: () => memoryBytesOf(running.child),
    diskBytes: () => statSync(database).size + statSync(`${database}-wal`).size,
    end: async () => await end(running),
    async start() {
      running = await start(env);
      return running.startMs;
    },
    async stop() {
      await end(running);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(env: NodeJS.ProcessEnv): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [SERVER, "serve"], { stdio: ["ignore", "ignore", "pipe"], env });
  const url = await urlOf(child);
  const startMs = performance.now() - startedAt;
  return { child, pool: new Pool(url, { connections: API_CONNECTIONS }), startMs };
}

async function end({ child, pool }: Running): Promise<void> {
  await pool.close();
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

/** Reads where it serves from what it says. */
async function urlOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) {
    throw new Error("the server's words can be read");
  }
  for await (const line of createInterface({ input: stderr })) {
    const url = /^Posthorn serves (\S+)$/.exec(line)?.[1];
    if (url !== undefined) {
      stderr.resume();
      return url;
    }
  }
  throw new Error("the server ended before it served");
}
