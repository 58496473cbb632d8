export const INSERT_AUDIT = `
  INSERT INTO audit (at, by_kind, by_key, by_session, tenant, action, resource, request_id, status)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const ENTRY = `
  SELECT number, at, by_kind, by_key, by_session, tenant, action, resource, request_id, status
  FROM audit`;

export const LIST_AUDIT = `${ENTRY}
  WHERE (at, number) < (?1, ?2)
    AND at >= ?3
  ORDER BY at DESC, number DESC
  LIMIT ?4`;

export const LIST_AUDIT_OF_TENANT = `${ENTRY}
  WHERE (at, number) < (?1, ?2)
    AND at >= ?3
    AND tenant = ?5
  ORDER BY at DESC, number DESC
  LIMIT ?4`;

export const FORGET_AGED_AUDIT = `
  DELETE FROM audit
  WHERE number IN (
    SELECT number
    FROM audit
    WHERE at < ?1
    ORDER BY at, number
    LIMIT ?2)`;

export const FORGET_SURPLUS_AUDIT = `
  DELETE FROM audit
  WHERE number IN (
    SELECT number
    FROM audit
    WHERE number <= (SELECT MAX(number) FROM audit) - ?1
    ORDER BY number
    LIMIT ?2)`;
