/**
 * Held to the end of a transaction: of many nodes that want to change the schema, one does, and the others
 * wait and find it done. The number is the first bytes of "posthorn", so that no other program takes it.
 */
export const BE_ALONE = `
  SELECT pg_advisory_xact_lock(1886352244)`;
