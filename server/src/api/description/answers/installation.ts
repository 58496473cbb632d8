import { Type } from "typebox";
import type { OperationGroup } from "../operation.ts";
import { closed, count, flag, nullable, text, time } from "./parts.ts";

const BACKED_UP_AT =
  "When the backup was made that this database came from; of PostgreSQL, the time of its newest event.";

const Sending = closed(
  {
    state: Type.Enum(["running", "paused"]),
    backed_up_at: nullable(time(BACKED_UP_AT)),
    endpoints_waiting: count("Endpoints that are owed something."),
    deliveries_waiting_at_least: count("What they are owed, as far as it is in memory."),
  },
  "Whether anything is sent.",
);

const Clock = closed(
  {
    now: time("The time as this server sees it."),
    is_movable: flag("Whether it can be moved ahead: in development, over a database in a file."),
    ahead_ms: count("How far it is ahead of the machine's."),
  },
  "What time it is.",
);
const ClockAdvanced = closed(
  { ...Clock.properties, advanced_ms: count("How far it was moved: ask again for the rest.") },
  "The time after it was moved.",
);

export const installation: OperationGroup = {
  name: "Installation",
  description: "This server.",
  schemas: { Sending, Clock, ClockAdvanced },
  operations: {
    "GET /v1/sending": {
      id: "getSending",
      summary: "Ask whether anything is sent",
      answers: { 200: Sending },
    },
    "POST /v1/sending/resume": {
      id: "resumeSending",
      summary: "Let a restored database send",
      answers: { 200: Sending },
    },
    "GET /v1/clock": { id: "getClock", summary: "Ask what time it is", answers: { 200: Clock } },
    "POST /v1/clock/advance": {
      id: "advanceClock",
      summary: "Move the time of a server in development ahead",
      answers: { 200: ClockAdvanced },
    },
    "GET /metrics": {
      id: "getMetrics",
      summary: "Get what this process has done and has to do, as Prometheus reads it",
      answers: { 200: Type.String() },
      contentType: "text/plain",
    },
    "GET /healthz": {
      id: "getHealth",
      summary: "Ask whether the process answers",
      answers: { 200: closed({ status: Type.Literal("ok"), version: text("Of the server.") }) },
    },
    "GET /readyz": {
      id: "getReadiness",
      summary: "Ask whether requests may be sent here",
      answers: { 200: closed({ status: Type.Literal("ready") }) },
    },
    "GET /openapi.json": {
      id: "getDescription",
      summary: "Get this description",
      answers: { 200: Type.Record(Type.String(), Type.Unknown()) },
    },
  },
};
