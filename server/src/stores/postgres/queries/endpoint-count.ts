/** Endpoints of a tenant; deleted ones do not count. */
export const COUNT_ENDPOINTS = `
  SELECT count(*) AS count
  FROM endpoint
  WHERE tenant = $1
    AND deleted_at IS NULL`;
