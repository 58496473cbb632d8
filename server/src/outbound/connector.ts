/**
 * Opens connections for the HTTP client, each through the guard: resolve, vet every address, connect to
 * exactly those, and look once more at who answered. With a proxy, through a tunnel of its.
 *
 * node:net never calls `lookup` for an IP literal, so literals are vetted before it is asked anything.
 */
import * as net from "node:net";
import * as tls from "node:tls";
import type { EgressProxy } from "../egress-proxy.ts";
import { type Failure, failure, failureOf, OutboundError, type Stage, timeoutAt } from "./error-codes.ts";
import type { Guard } from "./guard.ts";
import type { Resolve } from "./resolve.ts";
import type { Target } from "./target.ts";
import { openTunnel } from "./tunnel.ts";
import { peerFailure, vetProxied, vetReceiver } from "./vetting.ts";

export interface ConnectorOptions {
  readonly guard: Guard;
  readonly resolve: Resolve;
  /** Every connection goes through it. Undefined: none does. */
  readonly proxy: EgressProxy | undefined;
  /** Certificates in PEM that are trusted besides the machine's. */
  readonly trustedRoots: readonly string[];
  /** Bounds everything up to a usable connection together, inside the attempt's own deadline. */
  readonly connectTimeoutMs: number;
}

/** A connection on its way. */
export interface Dialling {
  readonly stage: Stage;
  /** Gives up; nothing is reported any more. */
  stop(): void;
}

export interface DialTarget extends Target {
  /** A TLS session of the same tenant and origin, to resume. */
  readonly session: Buffer | undefined;
  readonly onSession: (session: Buffer) => void;
}

export type Connected = (...outcome: [null, net.Socket] | [Error, null]) => void;

export type Connector = (target: DialTarget, report: Connected) => Dialling;

// What a name may mean is vetted in full; more addresses than this are not tried.
const ADDRESSES_TRIED_MAX = 8;

// RFC 8305 recommends 250 ms before the next address is tried beside the first.
const NEXT_ADDRESS_MS = 250;

// Finds dead peers of idle connections, which close sooner anyway; keeps middleboxes from forgetting long
// answers.
const TCP_KEEP_ALIVE_MS = 60_000;

export function createConnector(options: ConnectorOptions): Connector {
  const { trustedRoots } = options;
  const ca = trustedRoots.length === 0 ? undefined : [...tls.getCACertificates("default"), ...trustedRoots];
  // One context for all connections: reading the roots is the expensive part of a TLS connection's start.
  const secureContext = tls.createSecureContext({
    minVersion: "TLSv1.2",
    ...(ca === undefined ? {} : { ca }),
  });
  return (target, report) => dial({ ...options, secureContext }, target, report);
}

interface DialOptions extends ConnectorOptions {
  readonly secureContext: tls.SecureContext;
}

function dial(options: DialOptions, target: DialTarget, report: Connected): Dialling {
  const { guard, resolve, proxy } = options;
  let stage: Stage = proxy === undefined ? "resolving" : "reaching_proxy";
  let socket: net.Socket | undefined;
  let isOver = false;

  function fail(found: Failure): void {
    if (!isOver) {
      isOver = true;
      clearTimeout(timer);
      socket?.destroy();
      report(new OutboundError(found), null);
    }
  }

  function watch<S extends net.Socket>(opened: S): S {
    socket = opened;
    opened.on("error", (error) => fail(failureOf(error, stage)));
    opened.once("close", () => fail(failure(CLOSED[stage])));
    return opened;
  }

  function connect(addresses: readonly string[]): void {
    const { hostname, port } = proxy ?? target;
    stage = proxy === undefined ? "connecting" : "reaching_proxy";
    const opened = watch(openSocket({ hostname, port }, addresses));
    opened.once("connect", () => {
      if (proxy === undefined) {
        goOn(peerFailure(target, guard, opened), opened);
      } else {
        stage = "tunnelling";
        openTunnel(opened, { target, proxy }, (found) => goOn(found, opened));
      }
    });
  }

  /** Goes on with a connection that leads to the receiver, unless something was found to be wrong. */
  function goOn(found: Failure | undefined, opened: net.Socket): void {
    if (found !== undefined) {
      fail(found);
    } else if (!target.isSecure) {
      succeed(opened);
    } else {
      stage = "securing";
      const secured = watch(secure(options.secureContext, target, opened));
      secured.once("secureConnect", () => succeed(secured));
    }
  }

  function succeed(opened: net.Socket): void {
    if (!isOver) {
      isOver = true;
      clearTimeout(timer);
      stage = "answering";
      report(null, opened);
    }
  }

  const timer = setTimeout(() => fail(timeoutAt(stage)), options.connectTimeoutMs);
  const vetting =
    proxy === undefined
      ? vetReceiver(target, guard, resolve)
      : vetProxied({ target, guard }, { ...proxy, isLiteral: net.isIP(proxy.hostname) !== 0 }, resolve);
  vetting.then(
    (vetted) => {
      if (!("addresses" in vetted)) {
        fail(vetted);
      } else if (!isOver) {
        connect(vetted.addresses.slice(0, ADDRESSES_TRIED_MAX));
      }
    },
    () => fail(failure(proxy === undefined ? "dns_failed" : "proxy_unreachable")),
  );

  return {
    get stage() {
      return stage;
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
      socket?.destroy();
    },
  };
}

/** What a connection that closes at a stage, without an error, comes to. */
const CLOSED = {
  reaching_proxy: "proxy_unreachable",
  tunnelling: "proxy_failed",
  resolving: "connection_closed",
  connecting: "connection_closed",
  securing: "tls_failed",
  answering: "connection_closed",
} as const;

function openSocket(
  { hostname, port }: Pick<Target, "hostname" | "port">,
  addresses: readonly string[],
): net.Socket {
  const entries = addresses.map((address) => ({ address, family: net.isIP(address) }));
  return net.connect({
    host: hostname,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    // With autoSelectFamily node asks for all addresses at once, and tries one after another.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    lookup: (_hostname, _options, callback) => callback(null, entries),
  });
}

function secure(secureContext: tls.SecureContext, target: DialTarget, socket: net.Socket): tls.TLSSocket {
  const { hostname, isLiteral, session, onSession } = target;
  const secured = tls.connect({
    socket,
    // Whom the certificate must name, where no name is asked for.
    host: hostname,
    secureContext,
    ALPNProtocols: ["http/1.1"],
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not matter.
    rejectUnauthorized: true,
    ...(isLiteral ? {} : { servername: hostname }),
    ...(session === undefined ? {} : { session }),
  });
  return secured.on("session", onSession);
}
