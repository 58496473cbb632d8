/** How many changes there were when a replay was asked for. */
export const REPLAY_CHANGES = `
ALTER TABLE replay ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
`;
