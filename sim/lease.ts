/** How long the lease is held without being renewed, as over a database that several processes share. */
export const LEASE_MS = 15_000;

/** How long after it was asked for a request may begin: not in the last third. */
export const SENDING_MS = (LEASE_MS * 2) / 3;
