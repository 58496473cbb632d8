/** Whether a database is named by the URL of a PostgreSQL, and not by its file. */
export function isUrl(path: string): boolean {
  return path.startsWith("postgres:");
}
