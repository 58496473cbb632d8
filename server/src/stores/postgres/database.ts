import pg from "pg";
import { type Row, textIn } from "../columns.ts";
import { isOfStatement, passingAs } from "./errors.ts";
import { createHosts } from "./hosts.ts";
import { valueParsers } from "./value-parsers.ts";

/** What a statement's parameters are: batches come as arrays in binary, from `binary-arrays.ts`. */
export type Value = string | number | Uint8Array | null | undefined;

/** Runs statements, each to its end or its deadline. */
export interface Session {
  /** Runs a statement, prepared once a connection, and returns its rows. */
  rows(statement: string, ...values: readonly Value[]): Promise<readonly Row[]>;
  /** Runs a statement and returns how many rows it wrote. */
  run(statement: string, ...values: readonly Value[]): Promise<number>;
  /** Runs statements that take long and are not repeated: the schema's. */
  script(statements: string): Promise<void>;
}

/** Connections to one database. A statement by itself commits by itself. */
export interface Database extends Session {
  /**
   * Runs an operation in a transaction, and resolves after its COMMIT. Where the connection is lost at the
   * COMMIT, it throws, and nobody knows: the operation must be one that may be run again.
   */
  transaction<Result>(operation: (session: Session) => Promise<Result>): Promise<Result>;
  /** Runs an operation that only reads, all its statements from one moment. */
  snapshot<Result>(operation: (session: Session) => Promise<Result>): Promise<Result>;
  /** Runs a statement that no transaction may hold: VACUUM. Default: it takes as long as there is data. */
  maintain(statement: string, limits?: MaintenanceLimits): Promise<void>;
  close(): Promise<void>;
}

export interface MaintenanceLimits {
  /** It waits for a lock no longer. */
  readonly lockMsMax: number;
  /** It takes no longer, what it waits included. */
  readonly msMax: number;
}

export interface DatabaseOptions {
  /** Of one host or of several: then connections are to one that takes writes. */
  readonly url: string;
  /** What the server shows the connections as. */
  readonly name: string;
  readonly connectionsMax: number;
  /** Runs on each new connection before anything else does; one that it fails on is not used. */
  readonly first?: (session: Session) => Promise<unknown>;
}

// A connection, or one that is free, within two seconds: a caller of the API is told 503 instead of waiting.
export const CONNECT_MS_MAX = 2000;
// The server gives up first, and says so; its silence is what the deadline of our own is for.
const STATEMENT_MS_MAX = 8000;
const DEADLINE_MS = 10_000;
const SCRIPT_MS_MAX = 30 * 60_000;
const LOCK_MS_MAX = 3000;
// What a node that stands still in the middle of a transaction keeps from the others.
const IDLE_IN_TRANSACTION_MS_MAX = 5000;
const IDLE_MS_MAX = 60_000;

/** Makes a pool of connections; the first is opened when it is needed. */
export function openDatabase({ url, name, connectionsMax, first }: DatabaseOptions): Database {
  const hosts = createHosts(url);
  const pool = new pg.Pool({
    Client: class extends pg.Client {
      constructor(options?: pg.ClientConfig) {
        super({ ...options, connectionString: hosts.current() });
      }
    },
    application_name: name,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    idleTimeoutMillis: IDLE_MS_MAX,
    keepAlive: true,
    statement_timeout: STATEMENT_MS_MAX,
    lock_timeout: LOCK_MS_MAX,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    types: valueParsers,
  });
  // A connection that dies while nobody uses it is replaced by the pool; one in use tells who uses it.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));

  const looked = new WeakSet<pg.PoolClient>();
  /** Those that have a connection, or wait for one. */
  let sessions = 0;

  /** The pool's own hook for that loses a connection whose caller gave up meanwhile. */
  async function look(client: pg.PoolClient): Promise<void> {
    if (looked.has(client)) {
      return;
    }
    try {
      const session = sessionOf(client);
      if (hosts.count > 1) {
        await assertTakesWrites(session);
      }
      await first?.(session);
      looked.add(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Each host has its turn, if need be; whoever waits in line for a connection learns nothing of a host. */
  async function connect(isInLine: boolean): Promise<pg.PoolClient> {
    for (let tries = 1; ; tries += 1) {
      const host = hosts.current();
      try {
        const client = await pool.connect();
        await look(client);
        return client;
      } catch (error) {
        if (!isInLine) {
          hosts.moveOn(host);
        }
        if (isInLine || tries >= hosts.count) {
          throw passingAs(error);
        }
      }
    }
  }

  async function withSession<Result>(use: (session: Session) => Promise<Result>): Promise<Result> {
    const isInLine = sessions >= connectionsMax;
    sessions += 1;
    try {
      return await withClient(await connect(isInLine), use);
    } finally {
      sessions -= 1;
    }
  }

  return {
    rows: (statement, ...values) => withSession((session) => session.rows(statement, ...values)),
    run: (statement, ...values) => withSession((session) => session.run(statement, ...values)),
    script: (statements) => withSession((session) => session.script(statements)),
    transaction: (operation) => withSession((session) => inTransaction(session, () => operation(session))),
    snapshot: (operation) =>
      withSession((session) => inTransaction(session, () => operation(session), BEGIN_SNAPSHOT)),
    maintain: (statement, { lockMsMax, msMax } = { lockMsMax: LOCK_MS_MAX, msMax: 0 }) =>
      withSession(async (session) => {
        await session.script(`SET statement_timeout = ${msMax}; SET lock_timeout = ${lockMsMax}`);
        try {
          await session.script(statement);
        } finally {
          await session.script("RESET statement_timeout; RESET lock_timeout");
        }
      }),
    close: () => pool.end(),
  };
}

/** Gives the connection back, to be closed where it is of no use any more. */
async function withClient<Result>(
  client: pg.PoolClient,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  let isUsable = false;
  try {
    const result = await use(sessionOf(client));
    isUsable = true;
    return result;
  } catch (error) {
    isUsable = isOfStatement(error);
    throw error;
  } finally {
    client.release(!isUsable);
  }
}

const READ_ONLY = `
  SELECT current_setting('transaction_read_only') AS is_read_only`;

async function assertTakesWrites(session: Session): Promise<void> {
  const [row = {}] = await session.rows(READ_ONLY);
  if (textIn(row, "is_read_only") === "on") {
    throw new Error("it takes no writes, nor does any other that is named");
  }
}

const BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** Runs an operation in a transaction of a session, as `Database.transaction` does. */
export async function inTransaction<Result>(
  session: Session,
  operation: () => Promise<Result>,
  begin = "BEGIN",
): Promise<Result> {
  await session.run(begin);
  try {
    const result = await operation();
    await session.run("COMMIT");
    return result;
  } catch (error) {
    // Where the connection goes, the transaction goes with it.
    if (isOfStatement(error)) {
      await session.run("ROLLBACK");
    }
    throw error;
  }
}

function sessionOf(client: pg.PoolClient): Session {
  const query = (text: string, values: readonly Value[]) =>
    within(DEADLINE_MS, client, () => client.query<Row>({ name: nameOf(text), text, values: [...values] }));
  return {
    rows: async (statement, ...values) => (await query(statement, values)).rows,
    run: async (statement, ...values) => (await query(statement, values)).rowCount ?? 0,
    script: async (statements) => {
      await within(SCRIPT_MS_MAX, client, () => client.query(statements));
    },
  };
}

/** The server may be gone without a word, and TCP would wait for many minutes: a deadline ends the socket. */
async function within<Result>(
  deadlineMs: number,
  { connection }: pg.PoolClient,
  query: () => Promise<Result>,
): Promise<Result> {
  const deadline = setTimeout(() => {
    connection.stream.destroy(new Error(`the database gave no answer within ${deadlineMs} ms`));
  }, deadlineMs);
  try {
    return await query();
  } catch (error) {
    throw passingAs(error);
  } finally {
    clearTimeout(deadline);
  }
}

const names = new Map<string, string>();

/** A short name for a statement; there are as many as there are constants in `queries/`. */
function nameOf(statement: string): string {
  const name = names.get(statement) ?? `posthorn_${names.size}`;
  names.set(statement, name);
  return name;
}
