import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { members } from "./members.ts";

/** An event for the API, and what its receiver must be given. */
export interface Sample {
  readonly event: {
    readonly type: string;
    readonly subject?: string;
    readonly occurred_at?: string;
    readonly data: unknown;
  };
  /** Tells the sample apart from the others of its receiver. */
  readonly name: string;
  /** The receiver's program will refuse it for good. */
  readonly isRefused: boolean;
}

const ROUNDS = 6;

/** BSPK's two published payloads, over and over with other ids; the receiver answers 422 for one client. */
export function bspkSamples(): readonly Sample[] {
  const published = ["client.updated", "file_import.finished"].map((name) => fixture("bspk", name));
  return rounds(ROUNDS * 2).flatMap((round) =>
    published.map(({ event_name, object }, place) => {
      const id = 100 + round * published.length + place;
      const data = { ...members(object), id };
      return { event: { type: String(event_name), data }, name: String(id), isRefused: id === 107 };
    }),
  );
}

/** All 18 of spektr's published events. */
export function spektrSamples(): readonly Sample[] {
  const published = SPEKTR_TYPES.map((type) => fixture("spektr", type));
  return rounds(ROUNDS / 2).flatMap((round) =>
    published.map(({ eventType, spektrId, timestamp, data }, place) => {
      const name = `run-${round}-${place}`;
      return {
        event: {
          type: String(eventType),
          subject: String(spektrId),
          occurred_at: new Date(Number(timestamp)).toISOString(),
          data: { ...members(data), contextId: name },
        },
        name,
        isRefused: false,
      };
    }),
  );
}

/** Bubblehouse's published event with other order numbers; the receiver calls one of them invalid. */
export function bubblehouseSamples(): readonly Sample[] {
  const { bhid: _bhid, name: type, time, ...data } = fixture("bubblehouse", "SendEvent1.points_updated");
  return rounds(ROUNDS * 4).map((round) => {
    const name = `ORDER-${round}`;
    const extra = { ...members(data["extra_props"]), order_id: name };
    return {
      event: { type: String(type), occurred_at: String(time), data: { ...data, extra_props: extra } },
      name,
      isRefused: round === 9,
    };
  });
}

function rounds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, round) => round);
}

function fixture(vendor: string, name: string): Readonly<Record<string, unknown>> {
  const url = import.meta.resolve(`@posthorn/contracts/${vendor}/fixtures/${name}.json`);
  return members(JSON.parse(readFileSync(fileURLToPath(url), "utf8")));
}

const SPEKTR_TYPES = [
  "process_run_start",
  "loop_run_start",
  "process_run_end",
  "service_run",
  "alert_escalated",
  "alert_resolved",
  "customer_tag_add",
  "customer_tag_remove",
  "customer_status_change",
  "customer_status_changed",
  "customer_duplicate_detection",
  "customer_record_update",
  "customer_record_changed",
  "ownership_ai_created",
  "ownership_ai_added_owner",
  "client_record_sync",
  "step_init",
  "step_submit",
];
