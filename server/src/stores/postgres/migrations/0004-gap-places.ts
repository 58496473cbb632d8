/** Gaps of one event, and wider ones, which are few, are found apart: each by an index that ends early. */
export const GAP_PLACES = `
DROP INDEX gap_by_end;
CREATE INDEX gap_of_one ON gap (shard, to_offset) WHERE from_offset = to_offset;
CREATE INDEX gap_of_many ON gap (shard, to_offset) WHERE from_offset < to_offset;
`;
