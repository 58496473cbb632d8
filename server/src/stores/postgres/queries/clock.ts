/** The database's clock as an offset: milliseconds since 2020 times 4096. */
export const OFFSET_NOW = `
  (floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1577836800000) * 4096`;
