/** A transaction of the application's own in the database that Posthorn uses: a client of `pg`, say. */
export interface Transaction {
  /** Runs a statement with values for its `$1`, `$2`, … */
  query(statement: string, values: unknown[]): Promise<unknown>;
}
