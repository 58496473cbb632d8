import { Type } from "typebox";
import { REPLAY_CHOICES } from "../../../model/range-replay.ts";
import type { OperationGroup } from "../operation.ts";
import { closed, count, id, nullable, onlyTrue, pageOf, text, time } from "./parts.ts";

const Replay = closed(
  {
    id: id("rpl", "the replay"),
    endpoint_id: id("ep", "the endpoint whose deliveries are looked at"),
    to_endpoint_id: id("ep", "the endpoint they are sent to"),
    since: time("What was accepted from then on"),
    until: time("and before then."),
    only: Type.Enum([...REPLAY_CHOICES]),
    types: nullable(Type.Array(Type.String(), { description: "Names and globs. Null: every type." })),
    rate: nullable(Type.Number({ description: "Deliveries a second. Null: as fast as others leave room." })),
    state: Type.Enum(["running", "paused", "finished", "cancelled"]),
    reason: nullable(text("Why it is paused, or ended before it was through.")),
    position: time("How far it has come."),
    looked_at: count("Events it has looked at."),
    matched: count("Of those, to be delivered."),
    delivered: count("Of those, taken by the receiver."),
    failed: count("Of those, given up or refused."),
    passed_over: count("Of those, gone in the meantime."),
    created_at: time("When it was asked for."),
    ended_at: nullable(time("When it ended.")),
  },
  "Old events delivered again, a range at a time.",
);

const ReplayCount = closed(
  {
    count: count("Deliveries it would make."),
    count_is_at_least: onlyTrue("There are more than were counted."),
  },
  "What a replay would do.",
);

const Recovery = closed(
  {
    missed: count("What is offered again."),
    missed_is_at_least: onlyTrue("There is more than was counted."),
    replay: nullable(Replay),
  },
  "A replay of what an endpoint missed.",
);

const LIST = "/v1/tenants/:tenant/replays";
const ONE = `${LIST}/:replay`;

export const replays: OperationGroup = {
  name: "Replays",
  description: "Old events delivered again.",
  schemas: { Replay, ReplayCount, Recovery },
  operations: {
    [`POST ${LIST}`]: {
      id: "createReplay",
      summary: "Deliver a range again, or count what that would be",
      answers: { 200: ReplayCount, 202: Replay },
    },
    [`GET ${LIST}`]: {
      id: "listReplays",
      summary: "List replays, newest first",
      answers: { 200: pageOf(Replay) },
    },
    [`GET ${ONE}`]: { id: "getReplay", summary: "Get a replay and how far it is", answers: { 200: Replay } },
    [`POST ${ONE}/pause`]: { id: "pauseReplay", summary: "Pause a replay", answers: { 200: Replay } },
    [`POST ${ONE}/resume`]: {
      id: "resumeReplay",
      summary: "Let a paused replay go on",
      answers: { 200: Replay },
    },
    [`POST ${ONE}/cancel`]: { id: "cancelReplay", summary: "End a replay", answers: { 200: Replay } },
    "POST /v1/tenants/:tenant/endpoints/:endpoint/recover": {
      id: "recover",
      summary: "Deliver what an endpoint missed while it was disabled, or since a time",
      isBodyOptional: true,
      answers: { 200: Recovery, 202: Recovery },
    },
  },
};
