/**
 * The composition root: puts store, engine, sender and API together, and takes them apart in the right
 * order.
 */
import { hash } from "node:crypto";
import { dirname } from "node:path";
import type { Contract } from "@posthorn/contracts/contract";
import { createApp } from "./api/app.ts";
import { digestOf } from "./api/caller.ts";
import type { ApiPorts } from "./api/ports.ts";
import { createPublish, type Publish } from "./api/publish.ts";
import { createTenantEndpoints } from "./api/tenant-endpoints.ts";
import { makeApiKey } from "./api-key.ts";
import { CONTRACTS } from "./built-in-contracts.ts";
import { checkedContract } from "./checked-contract.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { readDashboardFiles } from "./dashboard-files.ts";
import { openStore } from "./databases.ts";
import { createDiskSpace } from "./disk-space.ts";
import { createEngine } from "./engine/create-engine.ts";
import type { Engine } from "./engine/engine.ts";
import { FAULTS, type Fault, WARNINGS } from "./engine/fault.ts";
import { DEFAULT_LIMITS, SHARED_LIMITS } from "./engine/limits.ts";
import { findKeys, type Keys } from "./keys.ts";
import { listeningPort } from "./listening-port.ts";
import { createLiveHub } from "./live-hub.ts";
import { createLog, type Log } from "./log.ts";
import { DAY_MS } from "./model/duration.ts";
import { createIds } from "./model/ids.ts";
import { createMovableClock } from "./movable-clock.ts";
import { createOperationalEvents } from "./operational-events.ts";
import { findOperator } from "./operator.ts";
import { createGuard, type Guard, urlProblem } from "./outbound/guard.ts";
import { createHttpSender } from "./outbound/http-sender.ts";
import type { Resolve } from "./outbound/resolve.ts";
import type { Sender } from "./outbound/sender.ts";
import { isOfThisMachine } from "./outbound/this-machine.ts";
import { systemRandom } from "./random.ts";
import { realPathOf } from "./real-path.ts";
import type { Restoration } from "./restoration.ts";
import { createSeal, type Seal, secretContext } from "./seal.ts";
import type { SecretRegistry } from "./secret-registry.ts";
import type { ShownSetting } from "./shown-settings.ts";
import type { Store } from "./store.ts";
import { surveyKnownSecrets } from "./stored-secrets.ts";
import { startTestReceiver, type TestReceiver } from "./test-receiver.ts";
import { createTracing } from "./tracing.ts";
import { VERSION } from "./version.ts";

export interface ServerOptions {
  readonly config: Config;
  /** Contracts beside those that every installation has, of other names. Default: none. */
  readonly contracts?: readonly Contract[];
  /** What the configuration was read from, to be shown to an administrator. Default: nothing is shown. */
  readonly settings?: readonly ShownSetting[];
  /** Keys are made where none are given, and receivers on this machine may be called. Default: false. */
  readonly isDevelopment?: boolean;
  /**
   * Stands between the engine and its store, or its sender: tests put faults there. Default: nothing does.
   */
  readonly wrapStore?: (store: Store) => Store;
  readonly wrapSender?: (sender: Sender) => Sender;
  /**
   * How long the lease is held without being renewed, where processes share a database. Default: the store's.
   */
  readonly leaseMs?: number;
  /** Finds the addresses of receivers' names. Default: the machine's hosts file and DNS servers. */
  readonly resolve?: Resolve;
}

export interface Server {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly url: string;
  /**
   * The admin key, where this process knows it in clear: it was configured, made just now, or is a
   * development key.
   */
  readonly adminKey: string | undefined;
  /**
   * Opens the dashboard for an administrator, once: in development, or where an admin key was made just now.
   * Undefined: neither, or it is not built.
   */
  readonly signInUrl: string | undefined;
  /** To try things out with. Undefined: not in development. */
  readonly testReceiver: TestReceiver | undefined;
  readonly engine: Engine;
  readonly publish: Publish;
  /** Takes no new requests, lets those in flight end, stores what came of them, and closes everything. */
  stop(): Promise<void>;
}

// A receiver's answer is worth waiting for as long as most contracts would; then the process ends anyway.
const DRAIN_MS = 20_000;
// sysexits.h, a temporary failure: another process has what this one had.
const EXIT_FENCED = 75;
// A request's deadline is the receiver's and the machine's, whatever is made of the time here.
const REQUESTS = { userAgent: `Posthorn/${VERSION}`, now: systemClock.monotonic };
const TRACING = createTracing(systemRandom);
const PORT_MAX = 65_535;
const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/**
 * Starts a server: opens the store, recovers, delivers, listens. Throws an Error that says what is in the
 * way.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const parts = new AsyncDisposableStack();
  try {
    return await startParts(options, parts);
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

/** Puts the parts together; each is taken apart in the reverse order of its start. */
async function startParts(options: ServerOptions, parts: AsyncDisposableStack): Promise<Server> {
  const { config, isDevelopment = false, wrapStore = (it) => it, wrapSender = (it) => it } = options;
  const log = createLog({ level: config.logLevel });
  const { clock, movableClock } = clocksOf(config, isDevelopment);
  const store = await openStore(config, log, { leaseMs: options.leaseMs, clock });
  parts.defer(() => store.close());
  const keys = await findKeys({ config, isDevelopment, registry: store, random: systemRandom });
  const seal = createSeal({ key: keys.masterKey, olderKeys: config.olderMasterKeys, random: systemRandom });
  await checkSecrets(store, seal, log);
  let ownPort = config.port;
  const isSelf: IsSelf = (address, port) => port === ownPort && isOfThisMachine(address);
  const guard = guardOf(config, { isDevelopment, isSelf });
  const sender = parts.adopt(wrapSender(senderOf(options, guard)), (it) => it.close(0));
  const ids = createIds(store.idKey);
  const operational = createOperationalEvents({ operator: await findOperator(store, clock), ids });
  const contracts = installed([...CONTRACTS.values(), ...(options.contracts ?? [])]);
  const live = parts.adopt(createLiveHub({ clock, random: systemRandom }), (hub) => hub.stop());
  const shared = { ids, contracts, operational, ...keptOf(config), clock, live, tracing: TRACING };
  const engine = createEngine({
    ...shared,
    store: wrapStore(store),
    sharing: store.sharing,
    sender,
    fraction: systemRandom.fraction,
    unseal: (sealed, { tenant, number }) => seal.unseal(sealed, secretContext(tenant, number)),
    digest: (bytes) => hash("sha256", bytes, "buffer").subarray(0, 16),
    limits: store.sharing === undefined ? DEFAULT_LIMITS : SHARED_LIMITS,
    onFault: (fault) => tellFault(fault, log, store.sharing !== undefined),
  });
  parts.defer(() => engine.stop(DRAIN_MS));
  await startEngine(engine, store.restoration, log);
  const api: ApiPorts = {
    ...shared,
    ...(await machineOf(options, log, parts)),
    ...entranceOf(options, keys),
    movableClock,
    engine,
    registry: store,
    reader: store,
    endpoints: createTenantEndpoints({ store, clock }),
    defaultContract: config.contract,
    random: systemRandom,
    seal,
    urlProblem: (url) => urlProblem(url, guard),
    adminKeyHash: keys.adminKeyHash,
    keyRatePerSecond: config.keyRatePerSecond,
    restoration: store.restoration,
    log,
    version: VERSION,
  };
  ownPort = await listen(api, config, parts);
  return {
    ...addressesOf(urlOf(config.host, ownPort), api),
    adminKey: keys.adminKey,
    engine,
    publish: createPublish(api, store.inbox?.put),
    stop: () => parts.disposeAsync(),
  };
}

/** Beside the server, so that its address stays the same whenever that starts. */
async function startReceiver({ port }: Config, parts: AsyncDisposableStack): Promise<TestReceiver> {
  const beside = port === 0 || port === PORT_MAX ? 0 : port + 1;
  return parts.adopt(await startTestReceiver(beside), (it) => it.stop());
}

type Entrance = Pick<
  ApiPorts,
  "dashboard" | "signIn" | "publicUrl" | "portalOrigins" | "metricsKeyHash" | "settings"
>;

/** What this machine has beside the process: room on a disk, and in development a receiver. */
async function machineOf(
  { config, isDevelopment = false }: ServerOptions,
  log: Log,
  parts: AsyncDisposableStack,
): Promise<Pick<ApiPorts, "disk" | "testReceiver">> {
  return {
    disk: await watchDisk(config, log, parts),
    testReceiver: isDevelopment ? await startReceiver(config, parts) : undefined,
  };
}

/** The disk of a PostgreSQL is another machine's. */
async function watchDisk({ database }: Config, log: Log, parts: AsyncDisposableStack) {
  if (database.kind !== "sqlite") {
    return undefined;
  }
  const folder = dirname(realPathOf(database.path));
  const disk = parts.adopt(createDiskSpace({ folder, clock: systemClock, log }), (it) => it.stop());
  await disk.start();
  return disk;
}

/** The dashboard, where it is built, what opens it once, and what opens the metrics alone. */
function entranceOf({ config, isDevelopment, settings }: ServerOptions, { adminKey }: Keys): Entrance {
  const { publicUrl, portalOrigins, metricsKey } = config;
  const dashboard = readDashboardFiles();
  // Whoever gave a key signs in with it; one that was made just now is a first start's.
  const isOpened = isDevelopment === true || config.adminKey === undefined;
  const signIn =
    isOpened && adminKey !== undefined
      ? { token: makeApiKey(systemRandom), keyDigest: digestOf(adminKey) }
      : undefined;
  const metricsKeyHash = metricsKey === undefined ? undefined : digestOf(metricsKey);
  return { dashboard, signIn, publicUrl, portalOrigins, metricsKeyHash, settings };
}

function addressesOf(url: string, api: ApiPorts): Pick<Server, "url" | "signInUrl" | "testReceiver"> {
  const { dashboard, signIn, publicUrl = url, testReceiver } = api;
  // Behind a #, which no browser sends and no log has.
  const signInUrl = dashboard && signIn && `${publicUrl}/dashboard/sign-in#link=${signIn.token}`;
  return { url, signInUrl, testReceiver };
}

type IsSelf = NonNullable<Parameters<typeof createGuard>[0]["isSelf"]>;

function guardOf(
  { egressAllow, egressProxy }: Config,
  { isDevelopment, isSelf }: { readonly isDevelopment: boolean; readonly isSelf: IsSelf },
) {
  return createGuard({
    allow: egressAllow ?? (isDevelopment ? LOOPBACK : []),
    resolvesNames: egressProxy === undefined,
    isSelf,
  });
}

function senderOf({ config, resolve }: ServerOptions, guard: Guard): Sender {
  return createHttpSender({ ...REQUESTS, guard, proxy: config.egressProxy, resolve });
}

/** Serves the API; returns its port. */
async function listen(
  api: ApiPorts,
  { port, host }: Pick<Config, "port" | "host">,
  parts: AsyncDisposableStack,
): Promise<number> {
  const app = createApp(api);
  parts.defer(() => closeApp(app));
  await app.listen({ port, host }).catch((error: unknown) => {
    throw isTaken(error)
      ? new Error(`${host}:${port} is in use by another process: POSTHORN_PORT is where this one listens`)
      : error;
  });
  return listeningPort(app.server);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

/** Nodes share the database's clock, and nobody moves that. */
function clocksOf({ database }: Config, isDevelopment: boolean) {
  const movableClock =
    isDevelopment && database.kind === "sqlite" ? createMovableClock(systemClock) : undefined;
  return { clock: movableClock ?? systemClock, movableClock };
}

function keptOf({ retentionDays, retention }: Config) {
  return { keepMs: retentionDays === 0 ? undefined : retentionDays * DAY_MS, retention };
}

async function startEngine(engine: Engine, { backedUpAt }: Restoration, log: Log): Promise<void> {
  if (backedUpAt === undefined) {
    await engine.start("sending");
  } else {
    await engine.start("paused");
    log.warn("the database was restored from a backup: nothing is sent until POST /v1/sending/resume");
  }
}

/** Whoever wrote a contract, nothing it returns is believed unseen. */
function installed(contracts: readonly Contract[]): ReadonlyMap<string, Contract> {
  return new Map(contracts.map((contract) => [contract.name, checkedContract(contract)]));
}

const CLOSE_IDLE_EVERY_MS = 50;

/** Closes the application. A connection whose request was under way when closing began is idle only later. */
async function closeApp(app: ReturnType<typeof createApp>): Promise<void> {
  const timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  try {
    await app.close();
  } finally {
    clearInterval(timer);
  }
}

/** A secret that nothing opens stops its lane, so that a server without the right keys delivers little. */
async function checkSecrets(store: SecretRegistry, seal: Seal, log: Log): Promise<void> {
  const { older } = await surveyKnownSecrets(store, seal);
  if (older > 0) {
    log.warn("secrets are sealed under older master keys: run `posthorn keys rotate-master`", {
      under_older_keys: older,
    });
  }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function tellFault(fault: Fault, log: Log, isShared: boolean): void {
  logFault(log, fault);
  if (fault.what === "fenced" && !isShared) {
    // Whatever it has on its way is another's now, and it has nothing else.
    process.exit(EXIT_FENCED);
  }
}

function logFault(log: Log, { what, endpoint, lease, error }: Fault): void {
  log[WARNINGS.has(what) ? "warn" : "error"](FAULTS[what], {
    endpoint_number: endpoint,
    lease,
    ...(error === undefined ? {} : { error: { fault: error } }),
  });
}
