/**
 * Connections kept alive, in a pool for each tenant and origin.
 *
 * Every undici Client here is one connection with at most one request, so that ending an attempt at any stage
 * is destroying its client, and nothing waits in line for a connection: how many requests are in flight is
 * the dispatcher's to limit, fairly, and a hanging endpoint must not use up what its neighbour needs
 * (invariant 10).
 */
import type { Socket } from "node:net";
import { Client } from "undici";
import type { Connector, Dialling } from "./connector.ts";
import { failure } from "./error-codes.ts";
import { ANSWER_WIRE_BYTES_MAX, type Exchange } from "./exchange.ts";
import type { Target } from "./target.ts";

export interface Connection {
  readonly client: Client;
  readonly pool: Pool;
  /**
   * The way to the receiver that was last taken; undici dials again if an idle connection is found closed.
   */
  dialling: Dialling | undefined;
  /** The socket to the receiver, once it is connected. */
  socket: Socket | undefined;
  state: "lent" | "idle" | "dropped";
  /**
   * The request on it. Kept here, since a Set of exchanges that fills and empties with every send leaves
   * chains of outgrown tables that make the garbage collector copy what is long over (a tenth of a send's
   * time).
   */
  exchange: Exchange | undefined;
}

export interface Pool {
  readonly key: string;
  /** The last used at the end: it is lent next, so that what is not needed grows old and closes. */
  readonly idle: Connection[];
  lentCount: number;
  /** The last TLS session, for the next handshake with the same receiver. */
  session: Buffer | undefined;
}

export interface PoolLimits {
  /** Pools remembered; beyond, the oldest without a request is forgotten with its idle connections. */
  readonly poolsMax: number;
  /** Idle connections kept in one pool. */
  readonly idlePerPoolMax: number;
  /** Idle connections kept in all pools together. */
  readonly idleMax: number;
}

export interface Pools {
  /** Lends a connection, an idle one if there is one. It goes back with `release` or `drop`. */
  lend(tenantId: string, target: Target): Connection;
  /** Takes back a connection whose answer was read to its end. */
  release(connection: Connection): void;
  /** Ends a connection, at whatever stage it is. */
  drop(connection: Connection): void;
  /** Ends every connection and what is in flight on it; resolves when they are closed. */
  close(): Promise<void>;
  counts(): PoolCounts;
}

export interface PoolCounts {
  readonly pools: number;
  readonly connections: number;
  readonly idle: number;
}

// Below the 5 s of Node's own servers, so that a request seldom meets a connection that is being closed.
const IDLE_MS = 4_000;
// A receiver's Keep-Alive header moves it, by its hint less a margin, up to the maximum.
const IDLE_MS_MAX = 10_000;
const IDLE_MARGIN_MS = 1_000;

export function createPools(connect: Connector, limits: PoolLimits): Pools {
  const pools = new Map<string, Pool>();
  const connections = new Set<Connection>();
  const closings = new Set<Promise<void>>();
  let idleCount = 0;

  function poolOf(tenantId: string, target: Target): Pool {
    // A tenant's id has no space: two tenants never share a key.
    const key = `${tenantId} ${target.origin}`;
    const known = pools.get(key);
    if (known !== undefined) {
      return known;
    }
    const pool: Pool = { key, idle: [], lentCount: 0, session: undefined };
    pools.set(key, pool);
    if (pools.size > limits.poolsMax) {
      forgetOldest(pool);
    }
    return pool;
  }

  function forgetOldest(newest: Pool): void {
    for (const pool of pools.values()) {
      if (pool.lentCount === 0 && pool !== newest) {
        pools.delete(pool.key);
        for (const connection of [...pool.idle]) {
          drop(connection);
        }
        return;
      }
    }
  }

  function open(pool: Pool, target: Target): Connection {
    // The map's order is the order in which connections were last opened: `forgetOldest` takes from its
    // start.
    pools.delete(pool.key);
    pools.set(pool.key, pool);
    const client = new Client(target.origin, {
      ...CLIENT_OPTIONS,
      connect(_options, report) {
        const onSession = (session: Buffer): void => {
          pool.session = session;
        };
        connection.dialling = connect({ ...target, session: pool.session, onSession }, (...outcome) => {
          const [, socket] = outcome;
          connection.socket = socket ?? undefined;
          socket?.on("readable", () => connection.exchange?.onBytesRead(socket.readableLength));
          report(...outcome);
        });
      },
    });
    const connection: Connection = {
      client,
      pool,
      dialling: undefined,
      socket: undefined,
      state: "lent",
      exchange: undefined,
    };
    client.on("disconnect", () => {
      if (connection.state === "idle") {
        drop(connection);
      }
    });
    connections.add(connection);
    return connection;
  }

  function leave(connection: Connection): void {
    if (connection.state === "lent") {
      connection.pool.lentCount--;
    } else if (connection.state === "idle") {
      connection.pool.idle.splice(connection.pool.idle.indexOf(connection), 1);
      idleCount--;
    }
  }

  function drop(connection: Connection): void {
    if (connection.state === "dropped") {
      return;
    }
    leave(connection);
    connection.state = "dropped";
    connections.delete(connection);
    connection.dialling?.stop();
    const closing = connection.client.destroy().finally(() => closings.delete(closing));
    closings.add(closing);
  }

  return {
    drop,
    lend(tenantId, target) {
      const pool = poolOf(tenantId, target);
      const idle = pool.idle.pop();
      pool.lentCount++;
      if (idle === undefined) {
        return open(pool, target);
      }
      idleCount--;
      idle.state = "lent";
      return idle;
    },
    release(connection) {
      const { pool } = connection;
      if (pool.idle.length >= limits.idlePerPoolMax || idleCount >= limits.idleMax) {
        drop(connection);
        return;
      }
      pool.lentCount--;
      connection.state = "idle";
      pool.idle.push(connection);
      idleCount++;
    },
    async close() {
      for (const connection of [...connections]) {
        connection.exchange?.cut(failure("sender_closed"));
        drop(connection);
      }
      pools.clear();
      await Promise.all(closings);
    },
    counts: () => ({ pools: pools.size, connections: connections.size, idle: idleCount }),
  };
}

const CLIENT_OPTIONS: Client.Options = {
  // HTTP/1.1 only: what a GOAWAY leaves unsent would be undici's to send again, and only the lane decides
  // that.
  allowH2: false,
  pipelining: 1,
  // Beyond ours: undici makes an error, with a stack trace, for every header past its limit, and a flood of
  // headers cost a hundred times what an answer does.
  maxHeaderSize: 4 * ANSWER_WIRE_BYTES_MAX,
  // The attempt's own deadline covers these; undici's would begin anew with every informational answer and
  // chunk.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: IDLE_MS,
  keepAliveMaxTimeout: IDLE_MS_MAX,
  keepAliveTimeoutThreshold: IDLE_MARGIN_MS,
  // Not left to the environment (UNDICI_USE_MILO).
  useMilo: false,
};
