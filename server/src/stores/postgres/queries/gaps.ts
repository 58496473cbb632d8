// Gaps of one event are many, and are found by their place; wider ones are few, and found by where they end.

const COLUMNS = "endpoint, from_offset, to_offset, reason, at";

const WIDE_GAPS = `
  SELECT ${COLUMNS}
  FROM gap
  WHERE shard = $1
    AND from_offset < to_offset
    AND to_offset >= $2
    AND from_offset <= $3`;

/** Gaps of every endpoint that overlap the offsets from $2 to $3. */
export const READ_GAPS = `
  SELECT ${COLUMNS}
  FROM gap
  WHERE shard = $1
    AND from_offset = to_offset
    AND to_offset BETWEEN $2 AND $3
  UNION ALL
  ${WIDE_GAPS}
  ORDER BY endpoint, from_offset, reason`;

/** Gaps of one endpoint, $4, that do: by the table's own key, and none of another is read. */
export const READ_GAPS_OF = `
  SELECT ${COLUMNS}
  FROM gap
  WHERE shard = $1
    AND endpoint = $4
    AND from_offset BETWEEN $2 AND $3
    AND from_offset = to_offset
  UNION ALL
  ${WIDE_GAPS}
    AND endpoint = $4
  ORDER BY endpoint, from_offset, reason`;

/** Gaps of the events at $4, and wider ones that overlap the offsets from $2 to $3. */
export const READ_GAPS_AT = `
  SELECT ${COLUMNS}
  FROM gap
  WHERE shard = $1
    AND from_offset = to_offset
    AND to_offset = ANY ($4::bigint[])
  UNION ALL
  ${WIDE_GAPS}
  ORDER BY endpoint, from_offset, reason`;

export const LIST_GAPS = `
  SELECT found.*
  FROM unnest($2::bigint[]) WITH ORDINALITY AS asked (endpoint, place), LATERAL (
    SELECT ${COLUMNS}
    FROM gap
    WHERE shard = $1
      AND gap.endpoint = asked.endpoint
      AND reason = ANY ($3::text[])
    ORDER BY from_offset, reason
    LIMIT $4
  ) AS found
  ORDER BY place, from_offset, reason`;
