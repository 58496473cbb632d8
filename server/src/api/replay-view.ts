import { currentVersion, type Endpoint } from "../model/endpoint.ts";
import { timeOfOffset } from "../model/offset.ts";
import type { RangeReplay } from "../model/range-replay.ts";
import type { ApiPorts } from "./ports.ts";
import { timestampOf, timestampOrNull } from "./timestamp.ts";

/** Shows a replay as the API answers it. `endpoint` is where it is sent to; undefined: it is deleted. */
export function replayView({ ids }: ApiPorts, replay: RangeReplay, endpoint: Endpoint | undefined) {
  const { source, from, to, progress, ended } = replay;
  return {
    id: ids.replay(replay.number),
    endpoint_id: ids.endpoint(source),
    to_endpoint_id: ids.endpoint(replay.endpoint),
    since: timestampOf(timeOfOffset(from)),
    until: timestampOf(timeOfOffset(to) + 1),
    only: replay.only,
    types: replay.types ?? null,
    rate: replay.ratePerSecond ?? null,
    ...standingOf(replay, endpoint),
    position: timestampOf(timeOfOffset(progress.position)),
    looked_at: progress.lookedAt,
    matched: progress.chosen,
    delivered: progress.delivered,
    failed: progress.failed,
    passed_over: progress.passedOver,
    created_at: timestampOf(replay.createdAt),
    ended_at: timestampOrNull(ended?.at),
  };
}

function standingOf({ wish, ended }: RangeReplay, endpoint: Endpoint | undefined) {
  if (ended !== undefined) {
    return { state: ended.how, reason: ended.reason ?? null };
  }
  if (wish === "pause") {
    return { state: "paused", reason: "by_request" };
  }
  return endpoint !== undefined && currentVersion(endpoint).state === "paused"
    ? { state: "paused", reason: "endpoint_paused" }
    : { state: "running", reason: null };
}
