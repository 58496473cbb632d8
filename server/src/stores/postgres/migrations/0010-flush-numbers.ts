/** The number of the newest flush under a lease's epoch, by which one that is written again is known. */
export const FLUSH_NUMBERS = `
ALTER TABLE lease ADD COLUMN flushes BIGINT NOT NULL DEFAULT 0;
`;
