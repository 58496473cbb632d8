// What is counted.

export const READ_STAT = `
  SELECT counts
  FROM stat
  WHERE tenant = ?
    AND seconds = ?
    AND at = ?`;

export const PUT_STAT = `
  INSERT INTO stat (tenant, seconds, at, counts)
  VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE
  SET counts = excluded.counts`;

export const LIST_STATS = `
  SELECT at, counts
  FROM stat
  WHERE tenant = ?
    AND seconds = ?
    AND at >= ?
    AND at < ?
  ORDER BY at`;

export const FORGET_STATS = `
  DELETE FROM stat
  WHERE (tenant, seconds, at) IN (
    SELECT tenant, seconds, at
    FROM stat
    WHERE seconds = ?
      AND at < ?
    LIMIT ?
  )`;
