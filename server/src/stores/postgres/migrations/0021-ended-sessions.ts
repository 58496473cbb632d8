/** Of a session that is over no row stays, also where an earlier version left one. */
export const ENDED_SESSIONS = `
DELETE FROM api_key
WHERE revoked_at IS NOT NULL
  AND starts_with(id, 'ses_');
`;
