/**
 * Nodes that share the leases; what one asks of a lease's owner; and what a shard has to tell in another: it
 * waits where it happened until the owner hands it on.
 */
export const NODES = `
CREATE TABLE node (
  holder TEXT PRIMARY KEY,
  alive_until TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- Done and not answered: its owner ended in between, and nobody does it again.
CREATE TABLE command (
  shard INTEGER NOT NULL,
  number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
  what TEXT NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL,
  is_done BOOLEAN NOT NULL DEFAULT FALSE,
  answer TEXT CHECK (answer IS NULL OR is_done),
  PRIMARY KEY (shard, number)
);

CREATE INDEX command_open ON command (shard, number) WHERE NOT is_done;

CREATE TABLE outbox (
  shard INTEGER NOT NULL,
  number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
  key TEXT NOT NULL,
  endpoint BIGINT NOT NULL,
  tenant BIGINT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT,
  occurred_at BIGINT NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (shard, number),
  UNIQUE (shard, key)
);
`;
