/**
 * The sender over HTTP/1.1: guarded connections, one deadline for each attempt, no redirects, bounded
 * answers.
 */
import type { EgressProxy } from "../egress-proxy.ts";
import { createConnector } from "./connector.ts";
import { type Failure, failure } from "./error-codes.ts";
import { Exchange } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import { createPools, type PoolCounts } from "./pools.ts";
import { requestHeaders } from "./request-headers.ts";
import { createHostResolver, type Resolve } from "./resolve.ts";
import type { OutboundRequest, Sender, Sent } from "./sender.ts";
import { createTargetReader, type Target } from "./target.ts";

export interface HttpSenderOptions {
  readonly guard: Guard;
  /** Sent with every request whose contract names no `user-agent` of its own, such as `Posthorn/1.0.0`. */
  readonly userAgent: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Finds the addresses of host names. Default: the machine's hosts file, then its DNS servers. */
  readonly resolve?: Resolve | undefined;
  /** Requests go through it. Default: straight to receivers. */
  readonly proxy?: EgressProxy | undefined;
  /** Certificates in PEM to trust besides the machine's. Default: none. */
  readonly trustedRoots?: readonly string[];
  /** Bounds resolving, connecting and the TLS handshake within an attempt's deadline. Default: 10,000. */
  readonly connectTimeoutMs?: number;
  /** Pools, one for each tenant and origin, remembered with their idle connections. Default: 4,096. */
  readonly poolsMax?: number;
  /** Idle connections of one pool. Default: 64. */
  readonly idlePerPoolMax?: number;
  /** Idle connections of all pools. Default: 4,096. */
  readonly idleMax?: number;
}

export interface HttpSender extends Sender {
  /** For metrics. */
  counts(): PoolCounts & { readonly inFlight: number; readonly bytesRead: number };
}

// Node fires a longer timer after one millisecond instead.
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Returns a sender. `close` it to end its connections; afterwards it answers every request with
 * `sender_closed`.
 */
export function createHttpSender(options: HttpSenderOptions): HttpSender {
  const { guard, userAgent, now, trustedRoots = [], connectTimeoutMs = 10_000 } = options;
  const { poolsMax = 4_096, idlePerPoolMax = 64, idleMax = 4_096 } = options;
  const resolver = options.resolve === undefined ? createHostResolver({ now }) : { resolve: options.resolve };
  const { proxy } = options;
  const ways = { resolve: resolver.resolve, proxy };
  const connector = createConnector({ ...ways, guard, trustedRoots, connectTimeoutMs });
  const pools = createPools(connector, { poolsMax, idlePerPoolMax, idleMax });
  const targets = createTargetReader();
  let inFlight = 0;
  let bytesRead = 0;
  let isClosed = false;
  let onDrained: () => void = () => {};

  function planOf(request: OutboundRequest, startedAt: number): Plan | Failure {
    const target = targets.read(request.url);
    if ("problem" in target) {
      return failure("url_not_allowed", target.problem);
    }
    const headers = requestHeaders(request.headers, userAgent);
    return "problem" in headers
      ? failure("request_invalid", headers.problem)
      : { target, headers, startedAt };
  }

  function begin(request: OutboundRequest, plan: Plan, report: (sent: Sent) => void): void {
    const connection = pools.lend(request.tenantId, plan.target);
    const exchange = new Exchange({
      now,
      startedAt: plan.startedAt,
      stage: () => connection.dialling?.stage ?? "resolving",
      bytesRead: () => connection.socket?.bytesRead ?? 0,
      onEnd(sent, isReusable) {
        clearTimeout(timer);
        if (recall !== undefined) {
          request.recalls?.delete(recall);
        }
        connection.exchange = undefined;
        inFlight--;
        bytesRead += exchange.bytesRead;
        if (isReusable) {
          pools.release(connection);
        } else {
          pools.drop(connection);
        }
        report(sent);
        if (isClosed && inFlight === 0) {
          onDrained();
        }
      },
    });
    const timer = setTimeout(ring, Math.min(request.timeoutMs, TIMER_MS_MAX), exchange);
    const recall = request.recalls && (() => exchange.cut(failure("sender_recalled")));
    if (recall !== undefined) {
      request.recalls?.add(recall);
    }
    connection.exchange = exchange;
    inFlight++;
    connection.client.dispatch(
      { method: request.method, path: plan.target.path, headers: plan.headers, body: request.payload },
      exchange,
    );
  }

  return {
    send(request) {
      const startedAt = now();
      const plan = isClosed ? failure("sender_closed") : planOf(request, startedAt);
      if ("kind" in plan) {
        return Promise.resolve({ answer: plan, phases: { endMs: now() - startedAt } });
      }
      return new Promise((report) => begin(request, plan, report));
    },
    async close(graceMs) {
      isClosed = true;
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(graceMs, TIMER_MS_MAX));
          onDrained = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      await pools.close();
      if ("close" in resolver) {
        resolver.close();
      }
    },
    counts: () => ({ ...pools.counts(), inFlight, bytesRead }),
  };
}

interface Plan {
  readonly target: Target;
  readonly headers: string[];
  readonly startedAt: number;
}

/**
 * Ends an attempt whose time is up, once what has come is read: where something kept the process busy, an
 * answer that was given in time may lie there still, and its deliveries would be sent again.
 */
function ring(exchange: Exchange): void {
  setImmediate(expire, exchange);
}

function expire(exchange: Exchange): void {
  exchange.expire();
}
