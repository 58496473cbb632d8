/** What failed in an attempt, in a sentence of ours. */
export const ATTEMPT_DETAILS = `
ALTER TABLE attempt ADD COLUMN detail TEXT CHECK (length(detail) <= 256);
`;
