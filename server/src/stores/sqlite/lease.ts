/** One lease covers every shard: the file has one head, and one process serves it. */
export const LEASE = 0;

export function assertLease(lease: number): void {
  if (lease !== LEASE) {
    throw new Error(`a SQLite database has one lease, ${LEASE}, got ${lease}`);
  }
}
