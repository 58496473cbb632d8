/** Something that was done by a call of the API. It holds ids only: no payload, no secret, no subject. */
export interface AuditEntry {
  readonly at: number;
  readonly by: AuditedCaller;
  /** The tenant's id, which is never given twice; undefined: it was done to the installation. */
  readonly tenant: string | undefined;
  /** The operation, as the API's description names it: `createEndpoint`. */
  readonly action: string;
  /** What it was done to, or what it made: ids by what they are of. */
  readonly resource: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Of the answer: 200 to 299. */
  readonly status: number;
}

/** Who did it. */
export interface AuditedCaller {
  /** An administrator, a key of a tenant, or somebody in a tenant's portal. */
  readonly kind: "admin" | "tenant" | "portal";
  /** `key_…`, also of one that opened a session; undefined: the configured admin key, or a portal. */
  readonly key: string | undefined;
  /** `ses_…`; undefined: a key was shown. */
  readonly session: string | undefined;
}

/** A place in the order of entries: by time, then in the order in which they were written. */
export interface AuditPlace {
  readonly at: number;
  readonly number: number;
}

export interface StoredAuditEntry extends AuditEntry, AuditPlace {}
