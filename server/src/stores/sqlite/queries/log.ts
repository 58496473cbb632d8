// The log: what accepting writes, and how it is read back.

export const READ_HEAD = `
  SELECT head, changes
  FROM log
  WHERE lease = ?`;

export const MOVE_HEAD = `
  UPDATE log
  SET head = ?2
  WHERE lease = ?1`;

export const RAISE_HEAD = `
  UPDATE log
  SET head = MAX(head, ?2)
  WHERE lease = ?1`;

/** A change of an endpoint takes an offset and counts. */
export const TAKE_CHANGE = `
  UPDATE log
  SET head = ?2, changes = changes + 1
  WHERE lease = ?1
  RETURNING changes`;

export const INSERT_EVENT = `
  INSERT INTO event (offset, tenant, type, subject, occurred_at, expires_at, to_endpoint, data, extensions)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** An expired key counts as absent. */
export const READ_KEY = `
  SELECT first_offset, count, hash
  FROM event_key
  WHERE tenant = ?1
    AND key = ?2
    AND expires_at >= ?3`;

/** A key found here before has expired. */
export const PUT_KEY = `
  INSERT INTO event_key (tenant, key, first_offset, count, hash, expires_at)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE
  SET first_offset = excluded.first_offset,
      count = excluded.count,
      hash = excluded.hash,
      expires_at = excluded.expires_at`;

export const REAP_KEYS = `
  DELETE FROM event_key
  WHERE (tenant, key) IN (
    SELECT tenant, key
    FROM event_key
    WHERE expires_at < ?1
    ORDER BY expires_at
    LIMIT ?2
  )`;

export const READ_LOG = `
  SELECT offset, tenant, type, subject, occurred_at, expires_at, to_endpoint, data, extensions,
         LENGTH(data) AS data_bytes
  FROM event
  WHERE offset > ?1
    AND offset <= ?2
  ORDER BY offset`;

/** Others' data is not even read. */
export const READ_LOG_OF_TENANT = `
  SELECT offset, tenant, type, subject, occurred_at, expires_at, to_endpoint,
         CASE WHEN tenant = ?3 THEN data END AS data, CASE WHEN tenant = ?3 THEN extensions END AS extensions,
         LENGTH(data) AS data_bytes
  FROM event
  WHERE offset > ?1
    AND offset <= ?2
  ORDER BY offset`;

export const READ_EVENT = `
  SELECT offset, tenant, type, subject, occurred_at, expires_at, to_endpoint, data, extensions
  FROM event
  WHERE offset = ?`;

/** The length stands in the head of the row: the pages that hold the data are not read. */
export const READ_LISTED_EVENT = `
  SELECT offset, tenant, type, subject, occurred_at, expires_at, to_endpoint, LENGTH(data) AS data_bytes
  FROM event
  WHERE offset = ?`;

/** Newest first, without data. */
export const SCAN_EVENTS = `
  SELECT offset, tenant, type, subject
  FROM event
  WHERE offset > ?1
    AND offset <= ?2
  ORDER BY offset DESC`;

/** As SCAN_EVENTS, oldest first. */
export const SCAN_EVENTS_UPWARDS = `
  SELECT offset, tenant, type, subject
  FROM event
  WHERE offset > ?1
    AND offset <= ?2
  ORDER BY offset`;

/** Events after ?1 up to ?2, and whether a fact says that ?4 need not be sent them; gaps are read apart. */
export const SCAN_UNSETTLED = `
  SELECT offset, tenant, type, subject, occurred_at, expires_at, to_endpoint,
    tenant <> ?3
      OR EXISTS (
        SELECT 1
        FROM attempt
        WHERE offset = event.offset
          AND endpoint = ?4
          AND cursor = 0
          AND verdict IN ('delivered', 'rejected')
      )
      OR EXISTS (
        SELECT 1
        FROM dead_letter
        WHERE offset = event.offset
          AND endpoint = ?4
          AND cursor = 0
      )
      OR EXISTS (
        SELECT 1
        FROM retry
        WHERE endpoint = ?4
          AND cursor = 0
          AND offset = event.offset
      ) AS is_passed
  FROM event
  WHERE offset > ?1
    AND offset <= ?2
  ORDER BY offset`;
