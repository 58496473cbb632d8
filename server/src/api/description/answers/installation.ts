import { Type } from "typebox";
import type { OperationGroup } from "../operation.ts";
import { closed, count, flag, nullable, pageOf, text, time } from "./parts.ts";

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

const Node = closed(
  {
    id: text("Names the process: its machine, its number there."),
    is_this: flag("Whether it is the one that answers."),
    version: nullable(text("Null: it is of an older one, which does not say.")),
    joined_at: nullable(time("Since when it is there. Null: it is of an older version, which does not say.")),
    alive_until: nullable(
      time("It counts until then, unless it says again that it is there. Null: it shares nothing."),
    ),
    shards: Type.Array(count("A shard."), { description: "What it delivers." }),
  },
  "A process that serves this installation.",
);

const System = closed(
  {
    version: text("Of the server that answers."),
    database: closed(
      {
        kind: Type.Enum(["memory", "sqlite", "postgres"]),
        version: nullable(text("Of the database.")),
        bytes: count("All that it takes up."),
      },
      "Where everything is stored.",
    ),
    migrations: closed(
      {
        applied: count("That the database has."),
        known: count("That this server has: more are applied where a newer version has been there."),
      },
      "Steps of the schema.",
    ),
    disk_free_bytes: nullable(
      count("Where the database's file is. Null: it is another machine's, or not known."),
    ),
    is_accepting: flag("False while the disk is nearly full: no events are accepted."),
    shards: Type.Array(
      closed({
        shard: count("A part of the log. One of SQLite has one for all."),
        node: nullable(text("Who delivers what is in it. Null: nobody, for now.")),
        epoch: count("Grows with every owner."),
        held_until: nullable(
          time("Until when, unless it is prolonged. Null: nobody has it, or nobody else can."),
        ),
      }),
    ),
    settings: Type.Array(
      closed({
        name: text("Of the variable: POSTHORN_PORT."),
        value: nullable(text("Secrets are masked. Null: it is not set, and has no default.")),
        source: Type.Enum(["default", "environment", "file"]),
      }),
      { description: "Of the server that answers." },
    ),
  },
  "What this installation runs on.",
);

export const installation: OperationGroup = {
  name: "Installation",
  description: "This server.",
  schemas: { Sending, Clock, ClockAdvanced, Node, System },
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
    "GET /v1/nodes": {
      id: "listNodes",
      summary: "List the processes that serve this installation",
      answers: { 200: pageOf(Node) },
    },
    "GET /v1/system": {
      id: "getSystem",
      summary: "Ask what this installation runs on",
      answers: { 200: System },
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
