/**
 * Opens connections for the HTTP client, each through the guard: resolve, vet every address, connect to
 * exactly those, and look once more at who answered.
 *
 * node:net never calls `lookup` for an IP literal, so literals are vetted before it is asked anything.
 */
import * as net from "node:net";
import * as tls from "node:tls";
import { type Failure, failure, failureOf, OutboundError, type Stage, timeoutAt } from "./error-codes.ts";
import { addressesProblem, type Guard, hostProblem, isLoopbackName, LOOPBACK_ADDRESSES } from "./guard.ts";
import type { Resolve } from "./resolve.ts";
import type { Target } from "./target.ts";

export interface ConnectorOptions {
  readonly guard: Guard;
  readonly resolve: Resolve;
  /** Certificates in PEM that are trusted besides the machine's. */
  readonly trustedRoots: readonly string[];
  /** Bounds resolving, connecting and the TLS handshake together, inside the attempt's own deadline. */
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
  let stage: Stage = "resolving";
  let socket: net.Socket | undefined;
  let isOver = false;

  function end(found: Failure | undefined): void {
    if (isOver) {
      return;
    }
    isOver = true;
    clearTimeout(timer);
    if (found === undefined && socket !== undefined) {
      stage = "answering";
      report(null, socket);
    } else {
      socket?.destroy();
      report(new OutboundError(found ?? failure("connection_failed")), null);
    }
  }

  function open(addresses: readonly string[]): void {
    stage = "connecting";
    socket = openSocket(options.secureContext, target, addresses);
    socket.on("error", (error) => end(failureOf(error, stage)));
    socket.once("close", () => end(failure("connection_closed")));
    // Before node's own listener, which starts the TLS handshake.
    socket.prependOnceListener("connect", () => {
      const found = peerFailure(options.guard, target, socket?.remoteAddress);
      if (found !== undefined || !target.isSecure) {
        end(found);
      } else {
        stage = "securing";
      }
    });
    socket.once("secureConnect", () => end(undefined));
  }

  const timer = setTimeout(() => end(timeoutAt(stage)), options.connectTimeoutMs);
  vet(target, options).then(
    (vetted) => {
      if (!isOver) {
        if ("addresses" in vetted) {
          open(vetted.addresses);
        } else {
          end(vetted);
        }
      }
    },
    () => end(failure("dns_failed")),
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

/** Finds the addresses that may be connected to: all of the host's, or none if one of them is forbidden. */
async function vet(
  target: Target,
  { guard, resolve }: DialOptions,
): Promise<{ readonly addresses: readonly string[] } | Failure> {
  const { hostname } = target;
  const problem = hostProblem(target, guard);
  if (problem !== undefined) {
    return failure("address_not_allowed", problem);
  }
  if (target.isLiteral) {
    return { addresses: [hostname] };
  }
  const found = isLoopbackName(hostname) ? { addresses: LOOPBACK_ADDRESSES } : await resolve(hostname);
  if ("failed" in found) {
    return failure(found.failed);
  }
  if (found.addresses.length === 0) {
    return failure("dns_not_found");
  }
  const resolvedProblem = addressesProblem(target, found.addresses, guard);
  if (resolvedProblem !== undefined) {
    return failure("address_not_allowed", resolvedProblem);
  }
  return { addresses: found.addresses.slice(0, ADDRESSES_TRIED_MAX) };
}

function openSocket(
  secureContext: tls.SecureContext,
  target: DialTarget,
  addresses: readonly string[],
): net.Socket {
  const { hostname, port, session, onSession } = target;
  const entries = addresses.map((address) => ({ address, family: net.isIP(address) }));
  const options: net.TcpNetConnectOpts = {
    host: hostname,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    // With autoSelectFamily node asks for all addresses at once, and tries one after another.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    lookup: (_hostname, _options, callback) => callback(null, entries),
  };
  if (!target.isSecure) {
    return net.connect(options);
  }
  const socket = tls.connect({
    ...options,
    secureContext,
    ALPNProtocols: ["http/1.1"],
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not matter.
    rejectUnauthorized: true,
    ...(target.isLiteral ? {} : { servername: hostname }),
    ...(session === undefined ? {} : { session }),
  });
  return socket.on("session", onSession);
}

// Depth: whatever happened between vetting and connecting, the peer itself must be allowed before a byte is
// sent.
function peerFailure(guard: Guard, target: Target, peer: string | undefined): Failure | undefined {
  if (peer === undefined) {
    return failure("connection_closed");
  }
  const problem = addressesProblem(target, [peer], guard);
  return problem === undefined ? undefined : failure("address_not_allowed", problem);
}
