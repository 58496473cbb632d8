import { Type } from "typebox";
import type { OperationGroup } from "../operation.ts";
import { closed, count, nullable, onlyTrue, time } from "./parts.ts";

const duration = (part: string) =>
  nullable(
    Type.Number({
      minimum: 0,
      description: `In milliseconds, ${part} of them took no longer. Null: there are none.`,
    }),
  );

const counts = {
  accepted: count("Events that were accepted."),
  first_tried: count("Deliveries whose first request was made."),
  delivered: count("Deliveries that receivers took, by whichever request; replays are not among them."),
  delivered_first_try: count("Of them, those by their first request."),
  rejected: count("Deliveries that receivers said never to send again."),
  dead: count("Deliveries that ended without success after their last request."),
  replayed: count("Deliveries that replays made."),
  attempts: count("Requests that were answered, or failed, replays among them; a batch is one."),
  attempts_failed: count("Of them, those that did not deliver."),
  accepted_to_delivered: closed(
    { p50_ms: duration("half"), p95_ms: duration("95 %"), p99_ms: duration("99 %") },
    "How long what is in `delivered` took from being accepted, read from a histogram.",
  ),
};

const Counts = closed(counts, "What happened in a stretch of time, each thing when it happened.");

const StatPoint = closed(
  { at: time("When the minute, or the hour, began."), ...counts },
  "What happened in a minute, or in an hour.",
);

const Stats = closed(
  {
    since: time("What was asked for, from the beginning of its minute or hour."),
    until: time("What was asked for."),
    resolution: Type.Enum(["minute", "hour"]),
    total: Counts,
    points: Type.Array(StatPoint, { description: "Oldest first. What is left out had nothing." }),
  },
  "What was accepted, and what became of it. The last five seconds may be missing.",
);

const standing = {
  in_flight: count("Requests that are on their way."),
  deliveries_waiting_at_least: count("Deliveries that wait, as far as they are in memory, retries too."),
  endpoints_waiting: count("Endpoints that they wait for."),
  lanes_held: count("Endpoints whose receivers are given time."),
  lanes_stopped: count("Endpoints that wait until a person does something."),
  oldest_due_at: nullable(
    time(
      "Since when the oldest of what could be sent has waited. Null: nothing does. What is held is not due.",
    ),
  ),
};

const Standing = closed(standing, "What waits of a tenant, and is on its way.");

const InstallationStanding = closed(
  { ...standing, is_partial: onlyTrue("Other nodes deliver, too: these are what this one knows.") },
  "What waits, and is on its way.",
);

export const stats: OperationGroup = {
  name: "Statistics",
  description: "How many, how fast, and what waits.",
  schemas: { Stats, StatPoint, Counts, Standing, InstallationStanding },
  operations: {
    "GET /v1/tenants/:tenant/stats": {
      id: "getStats",
      summary: "Count what was accepted and what became of it, by the minute or by the hour",
      answers: { 200: Stats },
    },
    "GET /v1/tenants/:tenant/stats/now": {
      id: "getStanding",
      summary: "Ask what waits of a tenant, and is on its way",
      answers: { 200: Standing },
    },
    "GET /v1/stats": {
      id: "getInstallationStats",
      summary: "Count what was accepted and what became of it, for all tenants together",
      answers: { 200: Stats },
    },
    "GET /v1/stats/now": {
      id: "getInstallationStanding",
      summary: "Ask what waits of all tenants, and is on its way",
      answers: { 200: InstallationStanding },
    },
  },
};
