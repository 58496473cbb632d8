import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { Contract } from "@posthorn/contracts/contract";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { Clock } from "../clock.ts";
import type { DashboardFiles } from "../dashboard-files.ts";
import type { DiskSpace } from "../disk-space.ts";
import type { Engine } from "../engine/engine.ts";
import type { LiveHub } from "../live-hub.ts";
import type { Log } from "../log.ts";
import type { Ids } from "../model/ids.ts";
import type { Retention } from "../model/retention.ts";
import type { MovableClock } from "../movable-clock.ts";
import type { OperationalEvents } from "../operational-events.ts";
import type { Random } from "../random.ts";
import type { Reader } from "../reader.ts";
import type { Registry } from "../registry.ts";
import type { Restoration } from "../restoration.ts";
import type { Seal } from "../seal.ts";
import type { ShownSetting } from "../shown-settings.ts";
import type { TestReceiver } from "../test-receiver.ts";
import type { Tracing } from "../tracing.ts";
import type { TenantEndpoints } from "./tenant-endpoints.ts";

/** What the API works with. */
export interface ApiPorts {
  readonly engine: Engine;
  readonly registry: Registry;
  readonly reader: Reader;
  readonly endpoints: TenantEndpoints;
  readonly ids: Ids;
  readonly contracts: ReadonlyMap<string, Contract>;
  /** The contract of endpoints whose tenant names none. */
  readonly defaultContract: string;
  readonly operational: OperationalEvents;
  readonly clock: Clock;
  /** The same, where it can be moved. Default: it cannot. */
  readonly movableClock?: MovableClock | undefined;
  /** A receiver of this process: in development. Default: there is none. */
  readonly testReceiver?: TestReceiver | undefined;
  readonly random: Random;
  readonly seal: Seal;
  /** Says why a URL may not be called, as far as can be said when it is saved; undefined if it may. */
  readonly urlProblem: (url: string) => string | undefined;
  /** SHA-256 of the configured admin key; undefined: the registry has the admin keys. */
  readonly adminKeyHash: Uint8Array | undefined;
  /** SHA-256 of the key that may read the metrics and nothing else. Default: there is none. */
  readonly metricsKeyHash?: Uint8Array | undefined;
  /** What opens one session of an administrator, once. Default: nothing does. */
  readonly signIn?: SignIn | undefined;
  /** The dashboard, by paths below its own. Default: there is none. */
  readonly dashboard?: DashboardFiles | undefined;
  /** Where browsers reach the server, without a slash at the end. Default: where the caller does. */
  readonly publicUrl?: string | undefined;
  /** Origins whose pages may show the portal in a frame. Default: none. */
  readonly portalOrigins?: readonly string[];
  readonly restoration: Restoration;
  readonly live: LiveHub;
  /** How long a stream lasts; whoever watches comes back, and goes on where it ended. Default: 15 minutes. */
  readonly streamMsMax?: number;
  /** Requests that a key of a tenant without a rate of its own may make in a second; 0: any number. */
  readonly keyRatePerSecond: number;
  /** Endpoints of one tenant. Default: ENDPOINTS_MAX. */
  readonly endpointsMax?: number;
  /** How long events are kept once they were accepted; undefined: for ever. */
  readonly keepMs: number | undefined;
  /** What is kept for less time. Default: nothing is. */
  readonly retention?: Retention | undefined;
  /** Makes spans of what is accepted in a trace. Default: nothing does. */
  readonly tracing?: Tracing | undefined;
  /** The space where the database's file is. Default: nobody looks. */
  readonly disk?: Pick<DiskSpace, "freeBytes" | "isNearlyFull"> | undefined;
  /** What it was set up with, and by what: no secret is in it. Default: nothing is known. */
  readonly settings?: readonly ShownSetting[] | undefined;
  readonly log: Log;
  /** Of the server, as `/healthz` shows it. */
  readonly version: string;
}

export interface SignIn {
  readonly token: string;
  /** SHA-256 of the admin key by which the session counts: it ends with it. */
  readonly keyDigest: Uint8Array;
}

/** The application that routes are added to. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
