/**
 * What applications hand over in transactions of their own, until the shard's owner moves it into the log.
 * Nothing of it refers to another table: a reference would lock the row it names for as long as the
 * application's transaction is open.
 */
export const INBOX = `
CREATE TABLE inbox (
  shard INTEGER NOT NULL,
  number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
  tenant BIGINT NOT NULL,
  key TEXT NOT NULL,
  hash BYTEA NOT NULL,
  keys_expire_at BIGINT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT,
  occurred_at BIGINT NOT NULL,
  expires_at BIGINT,
  to_endpoint BIGINT,
  data BYTEA NOT NULL,
  PRIMARY KEY (shard, number)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
`;
