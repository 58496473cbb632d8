/**
 * A process of the tests: a whole server, which ends itself where it is told to. It loads its modules,
 * waits to be told what to be, and ends with its parent; on SIGTERM it drains as `posthorn serve` does.
 */
import { untilSignalled } from "../../server/src/cli/serve.ts";
import { startServer } from "../../server/src/main.ts";
import type { PlannedCrash } from "./crash-points.ts";
import { crashingSender, crashingStore, passUntil } from "./crashing-ports.ts";
import { isUrl } from "./database-path.ts";
import { LEASE_MS } from "./lease-time.ts";
import { SABOTAGES, type SabotageName } from "./sabotage.ts";
import { createTenures } from "./tenures.ts";

/** From the parent, once: what to serve. */
export interface ServerInstructions {
  /** The database's file, or the URL of a PostgreSQL. */
  readonly path: string;
  /** 0: whichever is free. */
  readonly port: number;
  readonly adminKey: string;
  /** Counts the processes of a run, from 1; receivers see it. */
  readonly life: number;
  readonly crash: PlannedCrash | undefined;
  readonly sabotage: SabotageName | undefined;
}

/** To the parent, once: it takes requests now. */
export interface Listening {
  readonly url: string;
}

async function serve(instructions: ServerInstructions): Promise<number> {
  const { path, port, adminKey, life, crash, sabotage } = instructions;
  const pass = passUntil(crash);
  const tenures = createTenures(life);
  const server = await startServer({
    config: {
      port,
      host: "127.0.0.1",
      database: isUrl(path) ? { kind: "postgres", url: path } : { kind: "sqlite", path },
      adminKey,
      metricsKey: undefined,
      masterKey: new Uint8Array(32).fill(7),
      olderMasterKeys: [],
      keyRatePerSecond: 500,
      contract: "standard",
      egressAllow: ["127.0.0.0/8"],
      egressProxy: undefined,
      retentionDays: 0,
      retention: {},
      publicUrl: undefined,
      portalOrigins: [],
      logLevel: "warn",
    },
    leaseMs: LEASE_MS,
    wrapStore: (store) =>
      tenures.watch(crashingStore(sabotage === undefined ? store : SABOTAGES[sabotage](store), pass)),
    wrapSender: (sender) => crashingSender(sender, { tenures, pass }),
  });
  // Whoever is told that it listens may end it at once.
  const signalled = untilSignalled(server);
  const listening: Listening = { url: server.url };
  process.send?.(listening);
  return await signalled;
}

const endWithParent = () => process.exit(3);
process.once("disconnect", endWithParent);
process.once("message", (message) => {
  // The parent is the only one who can send this, and is of the same version.
  serve(message as ServerInstructions).then(
    (code) => {
      process.exitCode = code;
      // Nothing else keeps a drained server from ending by itself.
      process.off("disconnect", endWithParent);
    },
    (error: unknown) => {
      process.stderr.write(`the server did not start: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
