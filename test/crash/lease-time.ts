/** Shorter than outside of tests: over a PostgreSQL the next process waits until the lease has ended. */
export const LEASE_MS = 1500;
