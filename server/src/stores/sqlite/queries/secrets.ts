// Sealed secrets, whoever's they are.

export const READ_SEALED = `
  SELECT tenant, endpoint, secret.number, sealed
  FROM secret
  JOIN endpoint ON endpoint.number = endpoint
  WHERE (endpoint, secret.number) > (?1, ?2)
  ORDER BY endpoint, secret.number
  LIMIT ?3`;

export const REPLACE_SEALED = `
  UPDATE secret
  SET sealed = ?4
  WHERE endpoint = ?1
    AND number = ?2
    AND sealed = ?3`;
