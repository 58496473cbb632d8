/** By blocks of events whose, of which type and about which subject they are: stores/directory/block.ts. */
export const DIRECTORY = `
CREATE TABLE directory (
  after_offset INTEGER PRIMARY KEY CHECK (after_offset >= 0),
  to_offset INTEGER NOT NULL CHECK (to_offset > after_offset),
  block BLOB NOT NULL
) STRICT;
`;
