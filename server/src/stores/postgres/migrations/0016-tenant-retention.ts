/** For how many days a tenant's own are kept, by kind, as a JSON object. Null: as the installation says. */
export const TENANT_RETENTION = `
ALTER TABLE tenant ADD COLUMN retention TEXT;
`;
