/** What is kept for a time of its own, within that of the events. */
export const AGED_KINDS = ["payload", "attempts", "dead_letters"] as const;

export type AgedKind = (typeof AGED_KINDS)[number];

/**
 * For how many days what is final is kept, by kind: what an event says, what receivers answered, and what was
 * given up. Absent: for as long as the event is, or as the installation says.
 */
export type Retention = Readonly<Partial<Record<AgedKind, number>>>;

/** What is absent stays as it is, null is no longer there. */
export type RetentionChange = Readonly<Partial<Record<AgedKind, number | null>>>;

export function retentionAfter(retention: Retention, change: RetentionChange): Retention {
  const changed: { [Kind in AgedKind]?: number } = {};
  for (const kind of AGED_KINDS) {
    const { [kind]: days = retention[kind] } = change;
    if (days !== undefined && days !== null) {
      changed[kind] = days;
    }
  }
  return changed;
}

/** A tenant's own. */
export interface TenantRetention {
  /** The tenant's number. */
  readonly tenant: number;
  readonly retention: Retention;
}

export const RETENTION_DAYS_MAX = 36_500;

export const NO_RETENTION: Retention = {};

export function isRetention(value: unknown): value is Retention {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).every(([kind, days]) => isAgedKind(kind) && isDays(days))
  );
}

function isAgedKind(kind: string): kind is AgedKind {
  return AGED_KINDS.some((each) => each === kind);
}

function isDays(days: unknown): boolean {
  return typeof days === "number" && Number.isInteger(days) && days >= 1 && days <= RETENTION_DAYS_MAX;
}
