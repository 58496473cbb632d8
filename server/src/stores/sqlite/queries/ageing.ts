// What is kept for less time than its event.

/** Whether all of an event was final by ?4, and nothing of it waits. */
const IS_OVER = `
    NOT EXISTS (SELECT 1 FROM retry WHERE retry.offset = event.offset)
    AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.offset = event.offset AND started_at > ?4)
    AND NOT EXISTS (SELECT 1 FROM dead_letter WHERE dead_letter.offset = event.offset AND at > ?4)`;

const scan = (isThere: string): string => `
  SELECT offset, tenant, ${isThere} AS is_there, ${IS_OVER} AS is_over
  FROM event
  WHERE offset > ?1
    AND offset <= ?2
  ORDER BY offset
  LIMIT ?3`;

/** The length stands in the head of the row: the pages that hold the data are not read. */
export const SCAN_PAYLOADS = scan("LENGTH(data) > 0");

/** Every request that was made has the hash of its payload. */
export const SCAN_ANSWERS = scan(`
    EXISTS (
      SELECT 1
      FROM attempt
      WHERE attempt.offset = event.offset
        AND (answer IS NOT NULL OR payload_hash IS NOT NULL)
    )`);

export const SCAN_DEAD_LETTERS = scan(`
    EXISTS (SELECT 1 FROM dead_letter WHERE dead_letter.offset = event.offset AND cursor = 0)`);

export const READ_CHECKPOINT = `
  SELECT checkpoint
  FROM lease
  WHERE lease = ?`;

export const READ_RETENTIONS = `
  SELECT number AS tenant, retention
  FROM tenant
  WHERE retention <> '{}'
    AND deleted_at IS NULL
  ORDER BY number`;

/** Which endpoints gave an event up. */
export const TAKE_DEAD_LETTERS = `
  DELETE FROM dead_letter
  WHERE offset = ?
    AND cursor = 0
  RETURNING endpoint`;
