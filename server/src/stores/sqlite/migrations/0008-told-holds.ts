/** Endpoints that the operator was told are held, and since when: one that goes well has no row. */
export const TOLD_HOLDS = `
CREATE TABLE told_hold (
  endpoint INTEGER PRIMARY KEY,
  since INTEGER NOT NULL CHECK (since >= 0)
) STRICT;
`;
