/** What retention looks for: replays of ranges by their end, others by when they were asked for. */
export const ENDED_REPLAYS = `
CREATE INDEX range_replay_ended ON range_replay (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX replay_by_age ON replay (created_at);
`;
