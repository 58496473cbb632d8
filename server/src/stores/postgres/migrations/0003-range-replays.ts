/**
 * Replays of ranges. Their numbers are cursors, and lie above those that an owner gives to replays of one
 * delivery; none is given twice.
 */
export const RANGE_REPLAYS = `
CREATE TABLE range_replay (
  shard INTEGER NOT NULL,
  number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY (START WITH 1099511627776),
  tenant BIGINT NOT NULL REFERENCES tenant,
  source BIGINT NOT NULL,
  endpoint BIGINT NOT NULL,
  from_offset BIGINT NOT NULL CHECK (from_offset >= 1),
  to_offset BIGINT NOT NULL CHECK (to_offset >= from_offset),
  chosen_by TEXT NOT NULL CHECK (chosen_by IN ('dead', 'missed', 'undelivered', 'all')),
  types TEXT CHECK (json_typeof(types::json) = 'array'),
  rate DOUBLE PRECISION CHECK (rate > 0),
  changes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  wish TEXT NOT NULL DEFAULT 'run' CHECK (wish IN ('run', 'pause', 'cancel')),
  position BIGINT NOT NULL CHECK (position BETWEEN from_offset - 1 AND to_offset),
  looked_at BIGINT NOT NULL DEFAULT 0,
  chosen BIGINT NOT NULL DEFAULT 0,
  passed_over BIGINT NOT NULL DEFAULT 0,
  delivered BIGINT NOT NULL DEFAULT 0,
  failed BIGINT NOT NULL DEFAULT 0,
  ended TEXT CHECK (ended IN ('finished', 'cancelled')),
  reason TEXT,
  ended_at BIGINT CHECK ((ended_at IS NULL) = (ended IS NULL)),
  PRIMARY KEY (shard, number)
);

CREATE INDEX range_replay_by_tenant ON range_replay (tenant, number);
CREATE INDEX range_replay_open ON range_replay (shard, number) WHERE ended IS NULL;
`;
