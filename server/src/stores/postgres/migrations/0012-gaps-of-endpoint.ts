/** Wide gaps of one endpoint are found without those of others. */
export const GAPS_OF_ENDPOINT = `
CREATE INDEX gap_of_many_of_endpoint ON gap (shard, endpoint, to_offset) WHERE from_offset < to_offset;
`;
