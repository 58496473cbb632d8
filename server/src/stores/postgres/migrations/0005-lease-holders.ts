/** Which process holds a lease, by the database's clock, and until when. */
export const LEASE_HOLDERS = `
ALTER TABLE lease ADD COLUMN holder TEXT;
ALTER TABLE lease ADD COLUMN held_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity';
`;
