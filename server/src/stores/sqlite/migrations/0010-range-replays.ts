/**
 * Replays of ranges. Their numbers are cursors, and lie above those that an owner gives to replays of one
 * delivery; none is given twice.
 */
export const RANGE_REPLAYS = `
CREATE TABLE range_replay (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenant,
  source INTEGER NOT NULL REFERENCES endpoint,
  endpoint INTEGER NOT NULL REFERENCES endpoint,
  from_offset INTEGER NOT NULL CHECK (from_offset >= 1),
  to_offset INTEGER NOT NULL CHECK (to_offset >= from_offset),
  chosen_by TEXT NOT NULL CHECK (chosen_by IN ('dead', 'missed', 'undelivered', 'all')),
  types TEXT CHECK (json_type(types) = 'array'),
  rate REAL CHECK (rate > 0),
  changes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  wish TEXT NOT NULL DEFAULT 'run' CHECK (wish IN ('run', 'pause', 'cancel')),
  position INTEGER NOT NULL CHECK (position BETWEEN from_offset - 1 AND to_offset),
  looked_at INTEGER NOT NULL DEFAULT 0,
  chosen INTEGER NOT NULL DEFAULT 0,
  passed_over INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  ended TEXT CHECK (ended IN ('finished', 'cancelled')),
  reason TEXT,
  ended_at INTEGER CHECK ((ended_at IS NULL) = (ended IS NULL))
) STRICT;

CREATE INDEX range_replay_by_tenant ON range_replay (tenant, number);
CREATE INDEX range_replay_open ON range_replay (number) WHERE ended IS NULL;

INSERT INTO sqlite_sequence (name, seq)
VALUES ('range_replay', 1099511627776);
`;
