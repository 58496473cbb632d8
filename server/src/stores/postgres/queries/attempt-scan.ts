import { overPart } from "./over-part.ts";

/** Newest first, without what is large; of some events, or all in a range. */
export const SCAN_ATTEMPTS = overPart(
  { table: "attempt", range: ["$6", "$2"], offsets: "$7" },
  (attempts) => `
  SELECT "offset", endpoint, cursor, number, verdict,
    (
      SELECT tenant
      FROM event
      WHERE event.shard = $1
        AND event."offset" = attempt."offset"
    ) AS tenant
  FROM ${attempts}
  WHERE ("offset", endpoint, cursor, number) < ($2::bigint, $3::bigint, $4::bigint, $5::bigint)
  ORDER BY "offset" DESC, endpoint DESC, cursor DESC, number DESC
  LIMIT $8`,
);
