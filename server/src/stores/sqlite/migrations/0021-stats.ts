/**
 * What was counted of each tenant by the minute and by the hour, tenant 0 being all of them, as a JSON
 * object; and up to where events are counted as accepted.
 */
export const STATS = `
CREATE TABLE stat (
  tenant INTEGER NOT NULL CHECK (tenant >= 0),
  seconds INTEGER NOT NULL CHECK (seconds IN (60, 3600)),
  at INTEGER NOT NULL CHECK (at >= 0),
  counts TEXT NOT NULL,
  PRIMARY KEY (tenant, seconds, at)
) STRICT, WITHOUT ROWID;

CREATE INDEX stat_by_time ON stat (seconds, at);

ALTER TABLE lease ADD COLUMN counted_to INTEGER NOT NULL DEFAULT 0;
`;
