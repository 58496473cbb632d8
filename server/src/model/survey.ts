/** What a store runs on, as whoever runs it looks at it. */
export interface Survey {
  readonly database: {
    readonly kind: "memory" | "sqlite" | "postgres";
    /** Of the database; undefined: it has none. */
    readonly version: string | undefined;
    /** All that it takes up. */
    readonly bytes: number;
  };
  readonly migrations: {
    /** That the database has. */
    readonly applied: number;
    /** That this version has: a newer one may have migrated the database meanwhile. */
    readonly known: number;
  };
  /** Those that have said lately that they are there. Undefined: no process can share it. */
  readonly nodes: readonly SurveyedNode[] | undefined;
  readonly leases: readonly SurveyedLease[];
}

export interface SurveyedNode {
  /** Names the process. */
  readonly id: string;
  readonly isThis: boolean;
  /** Undefined: it is of an older version, which does not say. */
  readonly version: string | undefined;
  /** Since when it is there; undefined as before. */
  readonly joinedAt: number | undefined;
  /** It counts until then, unless it says again that it is there. */
  readonly aliveUntil: number;
}

export interface SurveyedLease {
  readonly lease: number;
  /** The node's id; undefined: nobody has it, or the one process that there is. */
  readonly owner: string | undefined;
  readonly epoch: number;
  /** Undefined: it lasts as long as its process, or nobody has it. */
  readonly heldUntil: number | undefined;
}
