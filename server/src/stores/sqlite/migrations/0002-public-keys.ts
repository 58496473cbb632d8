/** The public halves of secrets that have one: in clear, so that who shows them opens no secret. */
export const PUBLIC_KEYS = `
ALTER TABLE secret ADD COLUMN public_key TEXT;
`;
