/**
 * Judges a run by what producer and receivers wrote down, and by nothing else. The words are Jepsen's for a
 * queue: `lost` was acknowledged and never settled by its receiver; `unexpected` was received and never
 * submitted; `recovered` was not acknowledged and received all the same, which is allowed.
 */
import { checkArrivals } from "./arrival-checker.ts";
import type { Bounds, Fault, FaultKind } from "./fault.ts";
import type { Acknowledgement, Intent, Logs, ReceiverName } from "./logs.ts";

export interface Counts {
  readonly submitted: number;
  readonly acknowledged: number;
  readonly recovered: number;
  readonly receipts: number;
  /** Deliveries that came again after they were settled. */
  readonly duplicates: number;
  /** The most of them that one end of a process caused, by receiver. */
  readonly duplicatesAtOnceMax: Readonly<Record<ReceiverName, number>>;
}

export interface Report {
  readonly faults: readonly Fault[];
  readonly counts: Counts;
}

/** A request of the producer with all that came of it. */
interface Submission extends Intent {
  readonly acknowledgements: readonly Acknowledgement[];
}

/** Finds every fault in the logs of a run that has been drained. */
export function checkLogs(logs: Logs, bounds: Bounds): Report {
  const submissions = submissionsOf(logs);
  const arrivals = checkArrivals(logs, submissions, bounds);
  const faults = [...arrivals.faults];
  let acknowledged = 0;
  let recovered = 0;
  for (const submission of submissions) {
    const isAcknowledged = submission.acknowledgements.length > 0;
    const received = submission.events.filter(({ number }) => arrivals.received.has(number));
    acknowledged += isAcknowledged ? submission.events.length : 0;
    recovered += isAcknowledged ? 0 : received.length;
    faults.push(...idFaults(submission, arrivals.ids));
    for (const { number, vendor } of submission.events) {
      const missing = ([vendor, "standard"] as const).filter((name) => !arrivals.settled[name].has(number));
      if (missing.length > 0 && isAcknowledged) {
        faults.push({ kind: "lost", detail: `event ${number}, not settled at ${missing.join(", ")}` });
      } else if (missing.length > 0 && received.length > 0) {
        const where = missing.join(", ");
        const detail = `event ${number} of request ${submission.request}, not settled at ${where}`;
        faults.push({ kind: "torn", detail });
      }
    }
  }
  const submitted = submissions.reduce((sum, { events }) => sum + events.length, 0);
  const { duplicates, duplicatesAtOnceMax } = arrivals;
  return {
    faults,
    counts: {
      submitted,
      acknowledged,
      recovered,
      receipts: logs.receipts.length,
      duplicates,
      duplicatesAtOnceMax,
    },
  };
}

function submissionsOf({ producer }: Logs): readonly Submission[] {
  const answered = Map.groupBy(
    producer.filter((entry) => entry.kind === "acknowledged"),
    ({ request }) => request,
  );
  return producer
    .filter((entry) => entry.kind === "intent")
    .map((intent) => ({ ...intent, acknowledgements: answered.get(intent.request) ?? [] }));
}

/** Every acknowledgement of a request names the same ids, and they are the ones that were delivered. */
function idFaults(
  { request, events, acknowledgements }: Submission,
  delivered: ReadonlyMap<number, ReadonlySet<string>>,
): readonly Fault[] {
  return events.flatMap(({ number }, place) => {
    const ids = new Set(delivered.get(number));
    for (const acknowledgement of acknowledgements) {
      ids.add(acknowledgement.ids[place] ?? "none");
    }
    return ids.size <= 1
      ? []
      : [
          {
            kind: "stored_twice",
            detail: `event ${number} of request ${request} has ids ${[...ids].join(", ")}`,
          },
        ];
  });
}

/** One line for a person, and one for each fault as far as a limit. */
export function describeReport({ faults, counts }: Report, faultsMax = 20): string {
  const { submitted, acknowledged, recovered, receipts, duplicates, duplicatesAtOnceMax } = counts;
  const atOnce = Object.entries(duplicatesAtOnceMax).map(([name, count]) => `${name} ${count}`);
  const byKind = Map.groupBy(faults, ({ kind }) => kind);
  const of = (kind: FaultKind) => byKind.get(kind)?.length ?? 0;
  const others = [...byKind].filter(([kind]) => !["lost", "unexpected", "inverted"].includes(kind));
  return [
    `${submitted} events submitted, ${acknowledged} acknowledged, ${recovered} recovered, ` +
      `${receipts} requests received; ` +
      `lost ${of("lost")}, unexpected ${of("unexpected")}, inverted ${of("inverted")}` +
      others.map(([kind, { length }]) => `, ${kind} ${length}`).join("") +
      `; duplicates ${duplicates} (at most at once: ${atOnce.join(", ")})`,
    ...faults.slice(0, faultsMax).map(({ kind, detail }) => `  ${kind}: ${detail}`),
  ].join("\n");
}
