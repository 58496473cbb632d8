import type { BatchLimits, Settings } from "./contract.ts";
import { wholeNumber } from "./settings.ts";

/** The settings that say when a batch is closed, for contracts whose vendor leaves that open. */
export const batchSettings = {
  /** Closes a batch at this many events. Default: 100. */
  batchEventsMax: wholeNumber("batch_events_max", { from: 1, to: 1_000, byDefault: 100 }),
  /** Closes a batch before it is larger than this many bytes. Default: 1,000,000. */
  batchBytesMax: wholeNumber("batch_bytes_max", { from: 1_000, to: 10_000_000, byDefault: 1_000_000 }),
  /** Closes a batch when its oldest event has waited this many milliseconds. Default: 200. */
  batchWaitMs: wholeNumber("batch_wait_ms", { from: 0, to: 60_000, byDefault: 200 }),
};

/** Reads the limits of a batch. */
export function batchLimitsOf(settings: Settings): BatchLimits {
  return {
    eventsMax: batchSettings.batchEventsMax.read(settings),
    bytesMax: batchSettings.batchBytesMax.read(settings),
    waitMs: batchSettings.batchWaitMs.read(settings),
  };
}
