/** How many requests a key may make in a second; null: the installation's default. */
export const KEY_RATES = `
ALTER TABLE api_key ADD COLUMN rate_per_second INTEGER CHECK (rate_per_second >= 1);
`;
