export const READ_DATABASE = `
  SELECT sqlite_version() AS version, page_count * page_size AS bytes,
    (SELECT COUNT(*) FROM migration) AS applied
  FROM pragma_page_count, pragma_page_size`;

export const READ_EPOCHS = `
  SELECT lease, epoch
  FROM lease
  ORDER BY lease`;
