/**
 * What was asked to be erased and is not yet. Numbers are never given twice: a step that is written again
 * must not end another erasure.
 */
export const ERASURES = `
CREATE TABLE erasure (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant INTEGER NOT NULL REFERENCES tenant,
  subject TEXT,
  from_offset INTEGER NOT NULL CHECK (from_offset >= 0),
  to_offset INTEGER NOT NULL CHECK (to_offset >= from_offset)
) STRICT;
`;
