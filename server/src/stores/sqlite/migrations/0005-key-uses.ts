/** When an API key was last used: NULL for one that never was. */
export const KEY_USES = `
ALTER TABLE api_key ADD COLUMN last_used_at INTEGER;
`;
