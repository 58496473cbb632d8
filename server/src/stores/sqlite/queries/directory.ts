// The directory: what stretches of the log hold, so that what is sparse is found without reading them.

/** A block that is written again says the same, or more than may be said after an erasure. */
export const PUT_BLOCK = `
  INSERT INTO directory (after_offset, to_offset, block)
  VALUES (?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** Blocks that have a part in the stretch after ?1 up to ?2. They never overlap. */
export const SCAN_BLOCKS = `
  SELECT after_offset, to_offset, block
  FROM directory
  WHERE after_offset >= (
      SELECT COALESCE(MAX(after_offset), 0)
      FROM directory
      WHERE after_offset <= ?1
    )
    AND after_offset < ?2
  ORDER BY after_offset`;

/** As SCAN_BLOCKS, newest first. */
export const SCAN_BLOCKS_DOWNWARDS = `
  SELECT after_offset, to_offset, block
  FROM directory
  WHERE after_offset >= (
      SELECT COALESCE(MAX(after_offset), 0)
      FROM directory
      WHERE after_offset <= ?1
    )
    AND after_offset < ?2
  ORDER BY after_offset DESC`;

export const READ_BLOCK_OF = `
  SELECT after_offset, to_offset, block
  FROM directory
  WHERE after_offset < ?1
  ORDER BY after_offset DESC
  LIMIT 1`;

export const CHANGE_BLOCK = `
  UPDATE directory
  SET block = ?2
  WHERE after_offset = ?1`;

export const REMOVE_BLOCK = `
  DELETE FROM directory
  WHERE after_offset = ?`;
