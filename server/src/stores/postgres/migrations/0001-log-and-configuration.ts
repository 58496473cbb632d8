/** The log, its facts, and the configuration. */
export const LOG_AND_CONFIGURATION = `
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BYTEA NOT NULL
);

CREATE TABLE tenant (
  number BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  contract TEXT,
  shard INTEGER NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  validation TEXT NOT NULL CHECK (validation IN ('off', 'warn', 'reject')),
  event_types_revision BIGINT NOT NULL DEFAULT 0 CHECK (event_types_revision >= 0),
  created_at BIGINT NOT NULL,
  deleted_at BIGINT
);

-- tenant is NULL for an admin key, scopes for a key that may do everything.
CREATE TABLE api_key (
  number BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  id TEXT NOT NULL UNIQUE,
  tenant BIGINT REFERENCES tenant,
  name TEXT NOT NULL,
  hash BYTEA NOT NULL UNIQUE,
  scopes TEXT CHECK (json_typeof(scopes::json) = 'array'),
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT
);

CREATE INDEX api_key_by_tenant ON api_key (tenant, number);

-- schema_version is 0 while the name has had no schema. A row stays when its type is taken away, so that the
-- versions of its schema count on.
CREATE TABLE event_type (
  tenant BIGINT NOT NULL REFERENCES tenant,
  name TEXT COLLATE "C" NOT NULL,
  description TEXT,
  example TEXT CHECK (octet_length(example::json::text) > 0),
  validation TEXT CHECK (validation IN ('off', 'warn', 'reject')),
  is_deprecated SMALLINT NOT NULL CHECK (is_deprecated IN (0, 1)),
  successor TEXT,
  schema_version BIGINT NOT NULL CHECK (schema_version >= 0),
  revision BIGINT NOT NULL CHECK (revision >= 1),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  PRIMARY KEY (tenant, name)
);

-- schema is NULL for a version that took the schema away.
CREATE TABLE event_type_schema (
  tenant BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL CHECK (version >= 1),
  schema TEXT CHECK (json_typeof(schema::json) IN ('object', 'boolean')),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, name, version),
  FOREIGN KEY (tenant, name) REFERENCES event_type
);

-- Whoever changes an endpoint raises its revision: two that decided from the same one cannot both write.
CREATE SEQUENCE endpoint_number AS BIGINT;

CREATE TABLE endpoint (
  shard INTEGER NOT NULL,
  number BIGINT NOT NULL,
  tenant BIGINT NOT NULL REFERENCES tenant,
  contract TEXT NOT NULL,
  config TEXT NOT NULL CHECK (json_typeof(config::json) = 'object'),
  revision BIGINT NOT NULL CHECK (revision >= 1),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  PRIMARY KEY (shard, number)
);

CREATE INDEX endpoint_by_number ON endpoint (number);
CREATE INDEX endpoint_by_tenant ON endpoint (tenant, number);

-- public_key is in clear, so that who shows it opens no secret.
CREATE TABLE secret (
  shard INTEGER NOT NULL,
  endpoint BIGINT NOT NULL,
  number BIGINT NOT NULL CHECK (number >= 1),
  sealed BYTEA NOT NULL,
  public_key TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (shard, endpoint, number),
  FOREIGN KEY (shard, endpoint) REFERENCES endpoint
);

-- event_types is NULL for every type.
CREATE TABLE endpoint_version (
  shard INTEGER NOT NULL,
  endpoint BIGINT NOT NULL,
  since BIGINT NOT NULL CHECK (since >= 1),
  change BIGINT NOT NULL CHECK (change >= 1),
  state TEXT NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled', 'deleted')),
  reason TEXT,
  event_types TEXT CHECK (json_typeof(event_types::json) = 'array'),
  PRIMARY KEY (shard, endpoint, since),
  UNIQUE (shard, change),
  FOREIGN KEY (shard, endpoint) REFERENCES endpoint
);

-- Accepting and configuring write it, and nobody else. previous_head is what head was before the last of
-- them; deletions counts tenants that were deleted: who writes for a tenant says which count it saw.
CREATE TABLE shard (
  shard INTEGER PRIMARY KEY CHECK (shard >= 0),
  head BIGINT NOT NULL DEFAULT 0 CHECK (head >= 0),
  previous_head BIGINT NOT NULL DEFAULT 0,
  changes BIGINT NOT NULL DEFAULT 0 CHECK (changes >= 0),
  deletions BIGINT NOT NULL DEFAULT 0 CHECK (deletions >= 0)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- The owner of a shard writes it, and nobody else.
CREATE TABLE lease (
  shard INTEGER PRIMARY KEY REFERENCES shard,
  epoch BIGINT NOT NULL DEFAULT 0 CHECK (epoch >= 0),
  checkpoint BIGINT NOT NULL DEFAULT 0 CHECK (checkpoint >= 0),
  changes_applied BIGINT NOT NULL DEFAULT 0 CHECK (changes_applied >= 0)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- occurred_at is NULL where it is the offset's time. What is in no other partition is in the default one, so
-- that no event is refused because a partition is missing.
CREATE TABLE event (
  shard INTEGER NOT NULL,
  "offset" BIGINT NOT NULL,
  tenant BIGINT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT,
  occurred_at BIGINT,
  expires_at BIGINT,
  to_endpoint BIGINT,
  data BYTEA NOT NULL,
  PRIMARY KEY (shard, "offset")
) PARTITION BY RANGE ("offset");

CREATE TABLE event_default PARTITION OF event DEFAULT;

CREATE TABLE event_key (
  shard INTEGER NOT NULL,
  key TEXT NOT NULL,
  tenant BIGINT NOT NULL,
  first_offset BIGINT NOT NULL,
  count BIGINT NOT NULL CHECK (count >= 1),
  hash BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  CONSTRAINT event_key_once PRIMARY KEY (shard, key, tenant)
) WITH (autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX event_key_by_expiry ON event_key (expires_at);

-- batch is the offset of the batch's last member, where the attempt stands in full.
CREATE TABLE attempt (
  shard INTEGER NOT NULL,
  "offset" BIGINT NOT NULL,
  endpoint BIGINT NOT NULL,
  cursor BIGINT NOT NULL CHECK (cursor >= 0),
  number BIGINT NOT NULL CHECK (number >= 1),
  started_at BIGINT NOT NULL,
  duration_ms DOUBLE PRECISION NOT NULL,
  connected_ms DOUBLE PRECISION,
  headers_ms DOUBLE PRECISION,
  verdict TEXT NOT NULL CHECK (verdict IN ('delivered', 'rejected', 'retry', 'hold', 'disable')),
  reason TEXT,
  status BIGINT,
  answer BYTEA CHECK (octet_length(answer) <= 4096),
  payload_hash BYTEA,
  batch BIGINT,
  PRIMARY KEY (shard, "offset", endpoint, cursor, number)
) PARTITION BY RANGE ("offset");

CREATE TABLE attempt_default PARTITION OF attempt DEFAULT;

CREATE TABLE retry (
  shard INTEGER NOT NULL,
  endpoint BIGINT NOT NULL,
  cursor BIGINT NOT NULL CHECK (cursor >= 0),
  "offset" BIGINT NOT NULL,
  requests BIGINT NOT NULL CHECK (requests >= 0),
  used BIGINT NOT NULL CHECK (used >= 0),
  due_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (shard, endpoint, cursor, "offset")
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE INDEX retry_by_due ON retry (shard, due_at, endpoint, cursor, "offset");
CREATE INDEX retry_by_offset ON retry (shard, "offset");

CREATE TABLE dead_letter (
  shard INTEGER NOT NULL,
  "offset" BIGINT NOT NULL,
  endpoint BIGINT NOT NULL,
  cursor BIGINT NOT NULL CHECK (cursor >= 0),
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, "offset", endpoint, cursor)
) PARTITION BY RANGE ("offset");

CREATE TABLE dead_letter_default PARTITION OF dead_letter DEFAULT;

CREATE TABLE gap (
  shard INTEGER NOT NULL,
  endpoint BIGINT NOT NULL,
  from_offset BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL CHECK (
    reason IN ('cancelled', 'skipped', 'disabled', 'expired', 'superseded', 'erased')
  ),
  to_offset BIGINT NOT NULL CHECK (to_offset >= from_offset),
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, endpoint, from_offset, reason)
);

CREATE INDEX gap_by_end ON gap (shard, to_offset);

CREATE TABLE lane (
  shard INTEGER NOT NULL,
  endpoint BIGINT NOT NULL,
  position BIGINT NOT NULL CHECK (position >= 0),
  hold TEXT CHECK (json_typeof(hold::json) = 'object'),
  batch TEXT CHECK (json_typeof(batch::json) = 'object'),
  PRIMARY KEY (shard, endpoint)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE TABLE replay (
  shard INTEGER NOT NULL,
  number BIGINT NOT NULL CHECK (number >= 1),
  endpoint BIGINT NOT NULL,
  from_offset BIGINT NOT NULL,
  to_offset BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (shard, number)
);

-- Endpoints to which every request has failed: no row is written for one that goes well.
CREATE TABLE failing (
  shard INTEGER NOT NULL,
  endpoint BIGINT NOT NULL,
  since BIGINT NOT NULL CHECK (since >= 0),
  PRIMARY KEY (shard, endpoint)
);

-- Endpoints that the operator was told are held, and not yet that they recovered.
CREATE TABLE told_hold (
  shard INTEGER NOT NULL,
  endpoint BIGINT NOT NULL,
  since BIGINT NOT NULL CHECK (since >= 0),
  PRIMARY KEY (shard, endpoint)
);

-- By blocks of events whose, of which type and about which subject they are: stores/directory/block.ts.
CREATE TABLE directory (
  shard INTEGER NOT NULL,
  after_offset BIGINT NOT NULL CHECK (after_offset >= 0),
  to_offset BIGINT NOT NULL CHECK (to_offset > after_offset),
  block BYTEA NOT NULL,
  PRIMARY KEY (shard, after_offset)
);

-- What was asked to be erased and is not yet.
CREATE TABLE erasure (
  shard INTEGER NOT NULL,
  number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
  tenant BIGINT NOT NULL REFERENCES tenant,
  subject TEXT,
  from_offset BIGINT NOT NULL CHECK (from_offset >= 0),
  to_offset BIGINT NOT NULL CHECK (to_offset >= from_offset),
  PRIMARY KEY (shard, number)
);
`;
