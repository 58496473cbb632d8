/** The log, its facts, and the configuration. */
export const LOG_AND_CONFIGURATION = `
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  contract TEXT,
  shard INTEGER NOT NULL CHECK (shard BETWEEN 0 AND 1023),
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;

-- tenant is NULL for an admin key, scopes for a key that may do everything.
CREATE TABLE api_key (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant INTEGER REFERENCES tenant,
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  scopes TEXT CHECK (json_type(scopes) = 'array'),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE INDEX api_key_by_tenant ON api_key (tenant, number);

CREATE TABLE endpoint (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenant,
  contract TEXT NOT NULL,
  config TEXT NOT NULL CHECK (json_type(config) = 'object'),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;

CREATE INDEX endpoint_by_tenant ON endpoint (tenant, number);

CREATE TABLE secret (
  endpoint INTEGER NOT NULL REFERENCES endpoint,
  number INTEGER NOT NULL CHECK (number >= 1),
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (endpoint, number)
) STRICT, WITHOUT ROWID;

-- event_types is NULL for every type.
CREATE TABLE endpoint_version (
  endpoint INTEGER NOT NULL REFERENCES endpoint,
  since INTEGER NOT NULL CHECK (since >= 1),
  change INTEGER NOT NULL CHECK (change >= 1),
  state TEXT NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled', 'deleted')),
  reason TEXT,
  event_types TEXT CHECK (json_type(event_types) = 'array'),
  PRIMARY KEY (endpoint, since)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX endpoint_version_by_change ON endpoint_version (change);

-- One row a lease; accepting and configuring write it, and nobody else.
CREATE TABLE log (
  lease INTEGER PRIMARY KEY,
  head INTEGER NOT NULL CHECK (head >= 0),
  changes INTEGER NOT NULL CHECK (changes >= 0)
) STRICT;

-- One row a lease; its owner writes it, and nobody else.
CREATE TABLE lease (
  lease INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  checkpoint INTEGER NOT NULL CHECK (checkpoint >= 0),
  changes_applied INTEGER NOT NULL CHECK (changes_applied >= 0)
) STRICT;

INSERT INTO log (lease, head, changes)
VALUES (0, 0, 0);

INSERT INTO lease (lease, epoch, checkpoint, changes_applied)
VALUES (0, 0, 0, 0);

-- The offset is the rowid: without one, a row of a kilobyte takes four times the room. data comes last, so
-- that reading the other columns does not touch its pages. occurred_at is NULL where it is the offset's time.
CREATE TABLE event (
  offset INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject TEXT,
  occurred_at INTEGER,
  expires_at INTEGER,
  to_endpoint INTEGER,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE event_key (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  first_offset INTEGER NOT NULL,
  count INTEGER NOT NULL CHECK (count >= 1),
  hash BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_key_by_expiry ON event_key (expires_at);

-- The verdict's words are compared one by one: IN builds a table of them for every row, which doubles its
-- cost. batch is the offset of the batch's last member, where the attempt stands in full.
CREATE TABLE attempt (
  offset INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  number INTEGER NOT NULL CHECK (number >= 1),
  started_at INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  connected_ms REAL,
  headers_ms REAL,
  verdict TEXT NOT NULL CHECK (
    verdict = 'delivered' OR verdict = 'rejected' OR verdict = 'retry'
    OR verdict = 'hold' OR verdict = 'disable'
  ),
  reason TEXT,
  status INTEGER,
  answer BLOB CHECK (length(answer) <= 4096),
  payload_hash BLOB,
  batch INTEGER,
  PRIMARY KEY (offset, endpoint, cursor, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE retry (
  endpoint INTEGER NOT NULL,
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  offset INTEGER NOT NULL,
  requests INTEGER NOT NULL CHECK (requests >= 0),
  used INTEGER NOT NULL CHECK (used >= 0),
  due_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (endpoint, cursor, offset)
) STRICT, WITHOUT ROWID;

CREATE INDEX retry_by_due ON retry (due_at, endpoint, cursor, offset);
CREATE INDEX retry_by_offset ON retry (offset);

CREATE TABLE dead_letter (
  offset INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  cursor INTEGER NOT NULL CHECK (cursor >= 0),
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (offset, endpoint, cursor)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
  endpoint INTEGER NOT NULL,
  from_offset INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (
    reason IN ('cancelled', 'skipped', 'disabled', 'expired', 'superseded', 'erased')
  ),
  to_offset INTEGER NOT NULL CHECK (to_offset >= from_offset),
  at INTEGER NOT NULL,
  PRIMARY KEY (endpoint, from_offset, reason)
) STRICT, WITHOUT ROWID;

CREATE INDEX gap_by_end ON gap (to_offset);

CREATE TABLE lane (
  endpoint INTEGER PRIMARY KEY,
  position INTEGER NOT NULL CHECK (position >= 0),
  hold TEXT CHECK (json_type(hold) = 'object'),
  batch TEXT CHECK (json_type(batch) = 'object')
) STRICT;

CREATE TABLE replay (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  endpoint INTEGER NOT NULL,
  from_offset INTEGER NOT NULL,
  to_offset INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
`;
