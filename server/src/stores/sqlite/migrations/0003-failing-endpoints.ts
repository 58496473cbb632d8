/** Endpoints to which every request has failed, and since when: no row is written for one that goes well. */
export const FAILING_ENDPOINTS = `
CREATE TABLE failing (
  endpoint INTEGER PRIMARY KEY,
  since INTEGER NOT NULL CHECK (since >= 0)
) STRICT;
`;
