// Gaps of one event are many, and are found by their place; wider ones are few, and found by where they end.
// The indexes are named because the planner would rather read every gap than sort the few.

const COLUMNS = "endpoint, from_offset, to_offset, reason, at";

const WIDE_GAPS = `
  SELECT ${COLUMNS}
  FROM gap INDEXED BY gap_of_many
  WHERE from_offset < to_offset
    AND to_offset >= ?1
    AND from_offset <= ?2`;

/** Gaps of every endpoint that overlap the offsets from ?1 to ?2. */
export const READ_GAPS = `
  SELECT ${COLUMNS}
  FROM gap INDEXED BY gap_of_one
  WHERE from_offset = to_offset
    AND to_offset BETWEEN ?1 AND ?2
  UNION ALL
  ${WIDE_GAPS}
  ORDER BY endpoint, from_offset, reason`;

/** Gaps of one endpoint, ?3, that do: by the table's own key, and none of another is read. */
export const READ_GAPS_OF = `
  SELECT ${COLUMNS}
  FROM gap NOT INDEXED
  WHERE endpoint = ?3
    AND from_offset BETWEEN ?1 AND ?2
    AND from_offset = to_offset
  UNION ALL
  SELECT ${COLUMNS}
  FROM gap INDEXED BY gap_of_many_of_endpoint
  WHERE endpoint = ?3
    AND from_offset < to_offset
    AND to_offset >= ?1
    AND from_offset <= ?2
  ORDER BY endpoint, from_offset, reason`;

/** Gaps of the events at ?3, and wider ones that overlap the offsets from ?1 to ?2. */
export const READ_GAPS_AT = `
  SELECT ${COLUMNS}
  FROM gap INDEXED BY gap_of_one
  WHERE from_offset = to_offset
    AND to_offset IN (SELECT value FROM json_each(?3))
  UNION ALL
  ${WIDE_GAPS}
  ORDER BY endpoint, from_offset, reason`;

export const LIST_GAPS = `
  SELECT endpoint, from_offset, to_offset, reason, at
  FROM gap
  WHERE endpoint = ?1
    AND reason IN (SELECT value FROM json_each(?2))
  ORDER BY from_offset, reason
  LIMIT ?3`;
