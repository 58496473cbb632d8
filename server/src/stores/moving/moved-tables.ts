/**
 * What is moved: every table that both databases have, but the directory, which follows from the log and is
 * made anew. `log` and `lease` become the rows of the shards, `meta` only gives its key of the ids.
 */

/** How a column's values are told apart in both databases. */
export type ColumnKind = "integer" | "real" | "text" | "bytes";

export interface MovedTable {
  readonly name: string;
  /** By what column a row's shard is found; undefined: the table has none. */
  readonly shardBy: "tenant" | "endpoint" | undefined;
  /** The primary key, of numbers and texts; the first column is a number that is not negative. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** Columns that only PostgreSQL has, and what they begin with. */
  readonly added: Readonly<Record<string, number>>;
}

const INTEGER = "integer";
const REAL = "real";
const TEXT = "text";
const BYTES = "bytes";

type Draft = Pick<MovedTable, "key" | "columns"> & Partial<MovedTable>;

function tableOf(name: string, draft: Draft): MovedTable {
  return { name, shardBy: undefined, added: {}, ...draft };
}

const CONFIGURATION: readonly MovedTable[] = [
  tableOf("tenant", {
    key: ["number"],
    columns: {
      number: INTEGER,
      id: TEXT,
      name: TEXT,
      contract: TEXT,
      shard: INTEGER,
      validation: TEXT,
      retention: TEXT,
      event_types_revision: INTEGER,
      created_at: INTEGER,
      deleted_at: INTEGER,
    },
  }),
  tableOf("api_key", {
    key: ["number"],
    columns: {
      number: INTEGER,
      id: TEXT,
      tenant: INTEGER,
      name: TEXT,
      hash: BYTES,
      scopes: TEXT,
      created_at: INTEGER,
      expires_at: INTEGER,
      revoked_at: INTEGER,
      last_used_at: INTEGER,
      rate_per_second: INTEGER,
    },
  }),
  tableOf("event_type", {
    key: ["tenant", "name"],
    columns: {
      tenant: INTEGER,
      name: TEXT,
      description: TEXT,
      example: TEXT,
      validation: TEXT,
      is_deprecated: INTEGER,
      successor: TEXT,
      schema_version: INTEGER,
      revision: INTEGER,
      created_at: INTEGER,
      updated_at: INTEGER,
      deleted_at: INTEGER,
    },
  }),
  tableOf("event_type_schema", {
    key: ["tenant", "name", "version"],
    columns: { tenant: INTEGER, name: TEXT, version: INTEGER, schema: TEXT, created_at: INTEGER },
  }),
  tableOf("endpoint", {
    shardBy: "tenant",
    key: ["number"],
    columns: {
      number: INTEGER,
      tenant: INTEGER,
      contract: TEXT,
      config: TEXT,
      created_at: INTEGER,
      updated_at: INTEGER,
      deleted_at: INTEGER,
    },
    added: { revision: 1 },
  }),
  tableOf("secret", {
    shardBy: "endpoint",
    key: ["endpoint", "number"],
    columns: {
      endpoint: INTEGER,
      number: INTEGER,
      sealed: BYTES,
      public_key: TEXT,
      created_at: INTEGER,
      expires_at: INTEGER,
    },
  }),
  tableOf("endpoint_version", {
    shardBy: "endpoint",
    key: ["endpoint", "since"],
    columns: {
      endpoint: INTEGER,
      since: INTEGER,
      change: INTEGER,
      state: TEXT,
      reason: TEXT,
      event_types: TEXT,
    },
  }),
];

const LOG: readonly MovedTable[] = [
  tableOf("event", {
    shardBy: "tenant",
    key: ["offset"],
    columns: {
      offset: INTEGER,
      tenant: INTEGER,
      type: TEXT,
      subject: TEXT,
      occurred_at: INTEGER,
      expires_at: INTEGER,
      to_endpoint: INTEGER,
      data: BYTES,
      extensions: TEXT,
    },
  }),
  tableOf("event_key", {
    shardBy: "tenant",
    key: ["tenant", "key"],
    columns: {
      tenant: INTEGER,
      key: TEXT,
      first_offset: INTEGER,
      count: INTEGER,
      hash: BYTES,
      expires_at: INTEGER,
    },
  }),
  tableOf("attempt", {
    shardBy: "endpoint",
    key: ["offset", "endpoint", "cursor", "number"],
    columns: {
      offset: INTEGER,
      endpoint: INTEGER,
      cursor: INTEGER,
      number: INTEGER,
      started_at: INTEGER,
      duration_ms: REAL,
      connected_ms: REAL,
      headers_ms: REAL,
      verdict: TEXT,
      reason: TEXT,
      status: INTEGER,
      answer: BYTES,
      payload_hash: BYTES,
      batch: INTEGER,
      detail: TEXT,
    },
  }),
];

const FACTS: readonly MovedTable[] = [
  tableOf("retry", {
    shardBy: "endpoint",
    key: ["endpoint", "cursor", "offset"],
    columns: {
      endpoint: INTEGER,
      cursor: INTEGER,
      offset: INTEGER,
      requests: INTEGER,
      used: INTEGER,
      due_at: INTEGER,
      reason: TEXT,
    },
  }),
  tableOf("dead_letter", {
    shardBy: "endpoint",
    key: ["offset", "endpoint", "cursor"],
    columns: { offset: INTEGER, endpoint: INTEGER, cursor: INTEGER, reason: TEXT, at: INTEGER },
  }),
  tableOf("gap", {
    shardBy: "endpoint",
    key: ["endpoint", "from_offset", "reason"],
    columns: { endpoint: INTEGER, from_offset: INTEGER, reason: TEXT, to_offset: INTEGER, at: INTEGER },
  }),
  tableOf("lane", {
    shardBy: "endpoint",
    key: ["endpoint"],
    columns: { endpoint: INTEGER, position: INTEGER, hold: TEXT, batch: TEXT },
  }),
  tableOf("failing", {
    shardBy: "endpoint",
    key: ["endpoint"],
    columns: { endpoint: INTEGER, since: INTEGER },
  }),
  tableOf("told_hold", {
    shardBy: "endpoint",
    key: ["endpoint"],
    columns: { endpoint: INTEGER, since: INTEGER },
  }),
];

const ASKED: readonly MovedTable[] = [
  tableOf("replay", {
    shardBy: "endpoint",
    key: ["number"],
    columns: {
      number: INTEGER,
      endpoint: INTEGER,
      from_offset: INTEGER,
      to_offset: INTEGER,
      changes: INTEGER,
      created_at: INTEGER,
    },
  }),
  tableOf("range_replay", {
    shardBy: "tenant",
    key: ["number"],
    columns: {
      number: INTEGER,
      tenant: INTEGER,
      source: INTEGER,
      endpoint: INTEGER,
      from_offset: INTEGER,
      to_offset: INTEGER,
      chosen_by: TEXT,
      types: TEXT,
      rate: REAL,
      changes: INTEGER,
      created_at: INTEGER,
      wish: TEXT,
      position: INTEGER,
      looked_at: INTEGER,
      chosen: INTEGER,
      passed_over: INTEGER,
      delivered: INTEGER,
      failed: INTEGER,
      ended: TEXT,
      reason: TEXT,
      ended_at: INTEGER,
    },
  }),
  tableOf("erasure", {
    shardBy: "tenant",
    key: ["number"],
    columns: {
      number: INTEGER,
      tenant: INTEGER,
      subject: TEXT,
      from_offset: INTEGER,
      to_offset: INTEGER,
    },
  }),
];

const AUDIT = tableOf("audit", {
  key: ["number"],
  columns: {
    number: INTEGER,
    at: INTEGER,
    by_kind: TEXT,
    by_key: TEXT,
    by_session: TEXT,
    tenant: TEXT,
    action: TEXT,
    resource: TEXT,
    request_id: TEXT,
    status: INTEGER,
  },
});

const COUNTED = tableOf("stat", {
  shardBy: "tenant",
  key: ["tenant", "seconds", "at"],
  columns: { tenant: INTEGER, seconds: INTEGER, at: INTEGER, counts: TEXT },
});

/** In the order of the copy: what others refer to comes first. */
export const MOVED_TABLES: readonly MovedTable[] = [
  ...CONFIGURATION,
  ...LOG,
  ...FACTS,
  ...ASKED,
  AUDIT,
  COUNTED,
];
