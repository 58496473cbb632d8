/** A block in which a tenant has nothing is passed over unread; NULL: it does not say whose events it has. */
export const TENANTS_OF_BLOCKS = `
ALTER TABLE directory ADD COLUMN tenants BIGINT[];
`;
