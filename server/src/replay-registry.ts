/**
 * The part of the port for configuration that holds replays of ranges: what a person asks for is written
 * down, for the owner of the lease to do.
 */
import type { RangeReplay, ReplayRequest, ReplayWish } from "./model/range-replay.ts";

export interface ReplayRegistry {
  /** Writes down a replay, up to the head at most; undefined if its tenant is deleted. */
  requestReplay(request: ReplayRequest): Promise<RangeReplay | undefined>;
  /**
   * Writes down what is wanted of a replay now, unless it has ended or is to be cancelled; undefined if the
   * tenant has none of this number.
   */
  steerReplay(steering: ReplaySteering): Promise<RangeReplay | undefined>;
  findReplay(tenant: number, replay: number): Promise<RangeReplay | undefined>;
  /** Newest first; `before` is the number of the last replay of the page before. */
  listReplays(page: ReplayPage): Promise<readonly RangeReplay[]>;
}

export interface ReplaySteering {
  readonly tenant: number;
  readonly replay: number;
  readonly wish: ReplayWish;
}

export interface ReplayPage {
  readonly tenant: number;
  /** Only those that are sent to this endpoint. */
  readonly endpoint: number | undefined;
  /** Only those that have not ended. */
  readonly isOpen: boolean;
  readonly before: number | undefined;
  readonly limit: number;
}
