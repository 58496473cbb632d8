/**
 * What was counted of each tenant by the minute and by the hour, tenant 0 being all of a shard, as a JSON
 * object; and up to where events of a shard are counted as accepted.
 */
export const STATS = `
CREATE TABLE stat (
  shard INTEGER NOT NULL,
  tenant BIGINT NOT NULL CHECK (tenant >= 0),
  seconds INTEGER NOT NULL CHECK (seconds IN (60, 3600)),
  at BIGINT NOT NULL CHECK (at >= 0),
  counts TEXT NOT NULL,
  PRIMARY KEY (shard, tenant, seconds, at)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE INDEX stat_by_time ON stat (shard, seconds, at);

ALTER TABLE lease ADD COLUMN counted_to BIGINT NOT NULL DEFAULT 0;
`;
