/** Where a server's process can be told to end itself, and what has happened by then. */
export const CRASH_POINTS = {
  "append.before": "events came in, nothing of them is stored",
  "append.after": "they are committed, nobody was told",
  "append.answered": "the callers are being answered",
  "flush.before": "outcomes are known, nothing of them is stored",
  "flush.after": "they are committed, the lanes do not know it",
  "flush.applied": "the lanes moved on",
  "send.before": "a request was made up, nothing of it is written",
  "send.written": "it is on its way",
  "send.after": "its answer was read, nothing follows from it yet",
  "takeLease.before": "the store is open",
  "takeLease.after": "the epoch is committed, nothing was recovered",
  "readHead.before": "the lease is taken, or a change is being applied",
  "readHead.after": "the head is known",
  "countRetries.before": "recovery begins",
  "countRetries.after": "the waiting retries are counted",
  "readLanes.before": "recovery asks for lanes",
  "readLanes.after": "the lanes that have a row are known",
  "readChanged.before": "an endpoint was changed",
  "readChanged.after": "the change was read, not applied",
  "readRoutes.before": "a tenant's endpoints are wanted",
  "readRoutes.after": "they were read",
  "readLog.before": "the log is being followed from the checkpoint, or by a lane that is behind",
  "readLog.after": "a page of it was read, nothing of it is routed",
  "readSettled.before": "recovery asks what of the page is settled",
  "readSettled.after": "it knows",
  "readRetries.before": "the window of retries is being filled",
  "readRetries.after": "a page of retries was read, none is due yet",
  "readEvents.before": "a payload is not in memory",
  "readEvents.after": "it was read",
} as const;

export type CrashPoint = keyof typeof CRASH_POINTS;

/** The end of a process: at a point, at its n-th passing, counted from 1. */
export interface PlannedCrash {
  readonly point: CrashPoint;
  readonly passing: number;
}

export const ALL_CRASH_POINTS = Object.keys(CRASH_POINTS) as readonly CrashPoint[];

/** Points that every start passes, before it listens; the others are passed under load. */
export const RECOVERY_POINTS: ReadonlySet<CrashPoint> = new Set<CrashPoint>([
  "takeLease.before",
  "takeLease.after",
  "readHead.before",
  "readHead.after",
  "countRetries.before",
  "countRetries.after",
  "readLanes.before",
  "readLanes.after",
  "readRetries.before",
  "readRetries.after",
]);
