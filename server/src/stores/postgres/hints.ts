import pg from "pg";
import { bigints } from "./binary-arrays.ts";
import { CONNECT_MS_MAX, type Database } from "./database.ts";
import { createHosts } from "./hosts.ts";
import { HINT, LISTEN } from "./queries/sharing.ts";

/** Tells other nodes that there is news of a lease. Nothing depends on it: what it does not tell is found. */
export interface Hints {
  hint(lease: number): void;
  onHint(listener: (lease: number) => void): void;
  close(): Promise<void>;
}

// Several within this time are told as one: a notification takes a lock that all of the database's share.
const GATHER_MS = 20;
const LISTEN_AGAIN_MS = 2000;

export function createHints(database: Database, url: string): Hints {
  const hosts = createHosts(url);
  const gathered = new Set<number>();
  let gathering: NodeJS.Timeout | undefined;
  let listening: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  let tell: (lease: number) => void = () => undefined;
  let isClosed = false;

  async function send(): Promise<void> {
    const leases = [...gathered];
    gathered.clear();
    gathering = undefined;
    // One that is lost costs the time until the next look.
    await database.rows(HINT, bigints(leases)).catch(() => undefined);
  }

  function listenLater(): void {
    if (!isClosed) {
      clearTimeout(again);
      again = setTimeout(() => void listen(), LISTEN_AGAIN_MS);
    }
  }

  async function listen(): Promise<void> {
    const host = hosts.current();
    const client = new pg.Client({
      connectionString: host,
      application_name: "posthorn",
      connectionTimeoutMillis: CONNECT_MS_MAX,
      query_timeout: CONNECT_MS_MAX,
      keepAlive: true,
    });
    listening = client;
    client.on("error", () => undefined);
    client.on("end", listenLater);
    client.on("notification", ({ payload }) => tell(Number(payload)));
    try {
      await client.connect();
      await client.query(LISTEN);
    } catch {
      hosts.moveOn(host);
      await client.end().catch(() => undefined);
      listenLater();
    }
  }

  return {
    hint(lease) {
      gathered.add(lease);
      if (!isClosed) {
        gathering ??= setTimeout(() => void send(), GATHER_MS);
      }
    },
    onHint(listener) {
      tell = listener;
      void listen();
    },
    async close() {
      isClosed = true;
      clearTimeout(gathering);
      clearTimeout(again);
      await listening?.end().catch(() => undefined);
    },
  };
}
