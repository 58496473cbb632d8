import { isDeepStrictEqual } from "node:util";
import type { Outcome, ReceivedEvent, ReceivedRequest } from "@posthorn/contracts/receiving";
import type { Receiver } from "@posthorn/receiver/receiver";
import { BEHAVIOURS } from "./behaviour.ts";
import { members } from "./members.ts";
import type { Report, Tally, Vendor } from "./protocol.ts";
import type { Sample } from "./samples.ts";

/** Behaves as a vendor's receiver, and sees whether all events come, once, in order and as published. */
export interface Witness {
  readonly take: (event: ReceivedEvent, request: ReceivedRequest) => Outcome;
  readonly refuse: (reason: string, request: ReceivedRequest) => void;
  /** Looks over a receiver's shoulder, and reports what it answers. */
  watch(receiver: Receiver): Receiver;
}

/** What is known of one request. */
interface Seen {
  readonly number: number;
  readonly events: string[];
  isVerified: boolean;
}

export function createWitness(
  vendor: Vendor,
  samples: readonly Sample[],
  report: (message: Report) => void,
): Witness {
  const places = new Map(samples.map(({ name }, place) => [name, place]));
  const requests = new Map<ReceivedRequest, Seen>();
  const settled = new Map<string, Outcome>();
  const seen = new Set<string>();
  const counts = { verified: 0, duplicates: 0, inversions: 0 };
  let latestPlace = -1;

  function seenOf(request: ReceivedRequest): Seen {
    const known = requests.get(request) ?? { number: requests.size + 1, events: [], isVerified: true };
    requests.set(request, known);
    return known;
  }

  /** Counts what came again although it was settled, and what came for the first time after a later one. */
  function note(name: string): void {
    counts.duplicates += settled.has(name) ? 1 : 0;
    if (seen.has(name)) {
      return;
    }
    seen.add(name);
    const place = places.get(name) ?? -1;
    counts.inversions += place < latestPlace ? 1 : 0;
    latestPlace = Math.max(latestPlace, place);
  }

  function tally(): Tally {
    const outcomes = [...settled.values()];
    const received = outcomes.filter((outcome) => outcome === "sent").length;
    return { ...counts, requests: requests.size, received, refused: outcomes.length - received };
  }

  return {
    take(event, request) {
      const known = seenOf(request);
      const name = NAMES[vendor](members(event.data));
      const sample = samples[places.get(name) ?? -1];
      known.events.push(`${event.name} ${name}`);
      if (sample === undefined || !isAsPublished(event, sample)) {
        known.isVerified = false;
        return "failure";
      }
      note(name);
      const outcome = BEHAVIOURS[vendor](known.number, sample.isRefused);
      if (outcome !== "failure") {
        settled.set(name, outcome);
      }
      return outcome;
    },
    refuse(reason, request) {
      const known = seenOf(request);
      known.isVerified = false;
      known.events.push(`not verified: ${reason}`);
    },
    watch: (receiver) => ({
      ...receiver,
      async receive(request) {
        const known = seenOf(request);
        const answer = await receiver.receive(request);
        counts.verified += known.isVerified ? 1 : 0;
        const [only, ...others] = known.events;
        const what = others.length === 0 ? (only ?? request.url) : `${known.events.length} events`;
        report({ kind: "line", vendor, text: `${what} → ${answer.status} ${answer.body}`.trimEnd() });
        report({ kind: "tally", vendor, tally: tally() });
        return answer;
      },
    }),
  };
}

/** Where the samples of each vendor say which they are. */
const NAMES: Readonly<Record<Vendor, (data: Readonly<Record<string, unknown>>) => string>> = {
  bspk: ({ id }) => String(id),
  spektr: ({ contextId }) => String(contextId),
  bubblehouse: ({ extra_props: extra }) => String(members(extra)["order_id"]),
};

function isAsPublished(event: ReceivedEvent, { event: sent }: Sample): boolean {
  const occurredAt = event.occurredAt?.getTime();
  return (
    event.name === sent.type &&
    isDeepStrictEqual(event.data, sent.data) &&
    (sent.occurred_at === undefined || occurredAt === Date.parse(sent.occurred_at)) &&
    (!("spektrId" in event) || event.spektrId === sent.subject)
  );
}
