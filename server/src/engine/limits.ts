import { DAY_MS } from "../model/duration.ts";

/** Every queue, buffer and window of the engine has its limit here (invariant 11). */
export interface Limits {
  /** Bytes of events that may wait for a commit. Beyond it, accepting answers `overloaded`. */
  readonly acceptWaitingBytesMax: number;
  /** Events that may wait for a commit, likewise. */
  readonly acceptWaitingEventsMax: number;
  /** How long a request may wait for its commit, and for the answer to that, together. */
  readonly acceptMsMax: number;
  /** Requests in flight over all lanes. */
  readonly inFlightMax: number;
  /** Of them, requests to the endpoints of one tenant: what is left is for the others, whatever it does. */
  readonly inFlightPerTenantMax: number;
  /** Of both, requests to endpoints that are slow: what is left is for those that are not. */
  readonly inFlightSlowMax: number;
  readonly inFlightSlowPerTenantMax: number;
  /** Outcomes that may wait to be flushed; nothing new is sent beyond it. */
  readonly unflushedMax: number;
  /**
   * Of a lane that sends several at a time, outcomes that may wait to be durable: with what is in flight,
   * what a crash repeats at most. A commit that takes long would let a fast receiver have any number of them.
   */
  readonly unflushedPerLaneMax: number;
  /** The same, for each request that the lane may have in flight. */
  readonly unflushedPerSlotMax: number;
  /** Outcomes that nothing waits for and that are flushed at once; fewer wait a moment for one another. */
  readonly lingeringMax: number;
  /** Offsets a lane keeps in memory; beyond it the lane is behind and reads by cursor. */
  readonly laneReadyMax: number;
  /** Bytes of events kept in memory for lanes that will send them soon. */
  readonly payloadBytesMax: number;
  /** Retries kept in memory, those due next; the others stay in the store. */
  readonly retryWindowMax: number;
  /** Retries that may wait on one endpoint before its lane begins nothing new. */
  readonly retriesPerLaneMax: number;
  /** Deliveries of a replay of a range in memory. */
  readonly replayWindowMax: number;
  /** Places of a replay beyond its position: how far it may run ahead of what takes long. */
  readonly replaySeenMax: number;
  /** Events that recovery may have to read again; a lane that would cause more gets a row. */
  readonly checkpointLagMax: number;
  /** How often the checkpoint and the rows of moving lanes are written. */
  readonly checkpointEveryMs: number;
  /** Events that a block of the directory is about; until there are so many, the log itself is read. */
  readonly directoryBlockEvents: number;
  /** Events and bytes read from the log at once. */
  readonly pageEventsMax: number;
  readonly pageBytesMax: number;
  /** Endpoints whose routes are kept in memory; beyond it, those of the tenant loaded longest ago go. */
  readonly routesMax: number;
  /** Endpoints that are known to have been greeted; one that is forgotten is greeted again. */
  readonly welcomesMax: number;
}

export const DEFAULT_LIMITS: Limits = {
  acceptWaitingBytesMax: 64 * 1024 * 1024,
  acceptWaitingEventsMax: 50_000,
  // Shorter than what a caller waits for, longer than a commit takes on any disk that works.
  acceptMsMax: 5000,
  inFlightMax: 2048,
  inFlightPerTenantMax: 1024,
  inFlightSlowMax: 512,
  inFlightSlowPerTenantMax: 256,
  unflushedMax: 4096,
  unflushedPerLaneMax: 128,
  unflushedPerSlotMax: 2,
  lingeringMax: 32,
  laneReadyMax: 1024,
  payloadBytesMax: 32 * 1024 * 1024,
  retryWindowMax: 20_000,
  retriesPerLaneMax: 10_000,
  replayWindowMax: 64,
  replaySeenMax: 4096,
  checkpointLagMax: 20_000,
  checkpointEveryMs: 200,
  directoryBlockEvents: 1024,
  pageEventsMax: 512,
  pageBytesMax: 4 * 1024 * 1024,
  routesMax: 100_000,
  welcomesMax: 100_000,
};

/** Over a network a commit takes long, and few outcomes a slot would bind an endpoint's rate to it. */
export const SHARED_LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  unflushedPerSlotMax: DEFAULT_LIMITS.unflushedPerLaneMax,
};

/** How much of what a limit on the rate allows may go at once: what comes in so many milliseconds. */
export const RATE_BURST_MS = 1000;

/** An endpoint whose last request took longer is slow: what hangs, and what answers late. */
export const SLOW_MS = 2000;

/**
 * So many deliveries must have failed in a row, and for so long, before their endpoint of discipline `each`
 * is held. Fewer may be events that the receiver cannot take; shorter, a restart of it.
 */
export const CIRCUIT_FAILURES_MIN = 5;
export const CIRCUIT_FAILING_MS_MIN = 30_000;

/**
 * An endpoint is disabled for failing too long by an owner that has itself seen it fail for this long, or for
 * half of what its contract allows: what is stored may be of a clock that was wrong.
 */
export const FAILING_SEEN_MS_MIN = 60_000;

/** What the clock on the wall gains or loses on the monotonic one is a jump from here on; less is drift. */
export const CLOCK_JUMP_MS_MIN = 5000;

/** The operator is told of a hold that is known to last so long; of one for failing everything, at once. */
export const HOLD_TOLD_MS_MIN = 5 * 60 * 1000;

/** A receiver may ask for a pause of at most this long. */
export const RETRY_AFTER_MS_MAX = DAY_MS;
