// What is counted.

export const READ_STATS_AT = `
  SELECT tenant, seconds, at, counts
  FROM stat
  JOIN unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS asked (tenant, seconds, at)
    USING (tenant, seconds, at)
  WHERE shard = $1`;

export const PUT_STATS = `
  INSERT INTO stat (shard, tenant, seconds, at, counts)
  SELECT $1::integer, *
  FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[])
  ON CONFLICT (shard, tenant, seconds, at) DO UPDATE
  SET counts = excluded.counts`;

/** Of one shard; NULL: of all of them, each of which has counted for itself. */
export const LIST_STATS = `
  SELECT at, counts
  FROM shard
  JOIN stat USING (shard)
  WHERE ($1::integer IS NULL OR shard = $1)
    AND tenant = $2
    AND seconds = $3
    AND at >= $4
    AND at < $5
  ORDER BY at`;

export const FORGET_STATS = `
  DELETE FROM stat
  WHERE (shard, tenant, seconds, at) IN (
    SELECT shard, tenant, seconds, at
    FROM stat
    WHERE shard = $1
      AND seconds = $2
      AND at < $3
    LIMIT $4
    FOR UPDATE SKIP LOCKED
  )`;
