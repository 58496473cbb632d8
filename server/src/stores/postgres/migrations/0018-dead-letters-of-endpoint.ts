/** The dead letters of one endpoint are found without those of others. */
export const DEAD_LETTERS_OF_ENDPOINT = `
CREATE INDEX dead_letter_of_endpoint ON dead_letter (shard, endpoint, "offset");
`;
