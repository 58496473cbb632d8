// Erasure: what is left of an event is all that routing, order and counts go by.

/** Of what is stored now. */
export const REQUEST_ERASURE = `
  INSERT INTO erasure (tenant, subject, from_offset, to_offset)
  SELECT ?2, ?3, COALESCE(?4, 0), COALESCE(?4, head)
  FROM log
  WHERE lease = ?1`;

export const READ_ERASURES = `
  SELECT number, tenant, subject, from_offset, to_offset
  FROM erasure
  ORDER BY number`;

export const MOVE_ERASURE = `
  UPDATE erasure
  SET from_offset = MIN(?2, to_offset)
  WHERE number = ?1
    AND from_offset < ?2`;

export const END_ERASURE = `
  DELETE FROM erasure
  WHERE number = ?`;

/** The length stands in the head of the row: the pages that hold the data are not read. */
export const SCAN_ERASABLE = `
  SELECT offset,
         CASE
           WHEN tenant = ?3 AND (?4 IS NULL OR subject = ?4) THEN LENGTH(data)
           ELSE 0
         END AS data_bytes
  FROM event
  WHERE offset > ?1
    AND offset <= ?2
  ORDER BY offset`;

export const ERASE_EVENT = `
  UPDATE event
  SET subject = NULL,
      data = X'',
      extensions = NULL
  WHERE offset = ?1
    AND tenant = ?2`;

/** What a batch was answered stands at its last member, whichever of them is erased. */
export const ERASE_ANSWERS = `
  UPDATE attempt
  SET answer = NULL,
      payload_hash = NULL
  WHERE offset IN (
    SELECT ?1
    UNION
    SELECT batch
    FROM attempt
    WHERE offset = ?1
      AND batch IS NOT NULL
  )`;

/**
 * What a step erases, where each is found by its offset: nothing says which keys brought it but a look at
 * each of the tenant's, of which there may be a million.
 */
export const CREATE_ERASED = `
  CREATE TEMPORARY TABLE erased (
    offset INTEGER PRIMARY KEY
  ) STRICT`;

export const PUT_ERASED = `
  INSERT INTO erased (offset)
  VALUES (?)`;

export const FORGET_ERASED = `
  DELETE FROM erased`;

/** No request has an empty hash: what comes with such a key again is refused until the key expires. */
export const ERASE_KEY_HASHES = `
  UPDATE event_key
  SET hash = X''
  WHERE tenant = ?
    AND EXISTS (
      SELECT 1
      FROM erased
      WHERE offset BETWEEN first_offset AND first_offset + count - 1
    )`;
