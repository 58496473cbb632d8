/** Since when a node is there, and of which version. Null: it is of one that does not say. */
export const JOINED_NODES = `
ALTER TABLE node
  ADD COLUMN joined_at TIMESTAMPTZ,
  ADD COLUMN version TEXT;
ALTER TABLE node ALTER COLUMN joined_at SET DEFAULT clock_timestamp();
`;
