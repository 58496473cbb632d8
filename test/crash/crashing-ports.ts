import type { Sender } from "../../server/src/outbound/sender.ts";
import type { Store } from "../../server/src/store.ts";
import type { CrashPoint, PlannedCrash } from "./crash-points.ts";
import type { Tenures } from "./tenures.ts";

/** Notes that a point is being passed; it may be the last thing this process does. */
export type Pass = (point: CrashPoint) => void;

/** Ends this process at the planned passing of the planned point, as a power cut would: without a word. */
export function passUntil(planned: PlannedCrash | undefined): Pass {
  let passings = 0;
  return (point) => {
    if (point === planned?.point) {
      passings += 1;
      if (passings === planned.passing) {
        process.kill(process.pid, "SIGKILL");
      }
    }
  };
}

type Asked = "takeLease" | "readHead" | "countRetries" | "readLanes" | "readChanged" | "readRoutes";
type Read = Asked | "readLog" | "readSettled" | "readRetries" | "readEvents";

/** Stands before a store and names what is being asked of it. */
export function crashingStore(store: Store, pass: Pass): Store {
  const around = <Given extends readonly unknown[], Result>(
    verb: Read,
    ask: (...given: Given) => Promise<Result>,
  ) => {
    return async (...given: Given): Promise<Result> => {
      pass(`${verb}.before`);
      const result = await ask(...given);
      pass(`${verb}.after`);
      return result;
    };
  };
  return {
    ...store,
    async append(lease, submissions) {
      pass("append.before");
      const appended = await store.append(lease, submissions);
      pass("append.after");
      soon(() => pass("append.answered"));
      return appended;
    },
    async flush(lease, facts) {
      pass("flush.before");
      const result = await store.flush(lease, facts);
      pass("flush.after");
      soon(() => pass("flush.applied"));
      return result;
    },
    takeLease: around("takeLease", store.takeLease),
    readHead: around("readHead", store.readHead),
    countRetries: around("countRetries", store.countRetries),
    readLanes: around("readLanes", store.readLanes),
    readChanged: around("readChanged", store.readChanged),
    readRoutes: around("readRoutes", store.readRoutes),
    readLog: around("readLog", store.readLog),
    readSettled: around("readSettled", store.readSettled),
    readRetries: around("readRetries", store.readRetries),
    readEvents: around("readEvents", store.readEvents),
  };
}

/** Tells receivers which process a request came from; the contracts' own headers stay as they are. */
export const LIFE_HEADER = "x-test-life";

/**
 * Stands before a sender, names what it is doing, and marks every request with this process and its tenure.
 */
export function crashingSender(sender: Sender, { tenures, pass }: { tenures: Tenures; pass: Pass }): Sender {
  return {
    async send(request) {
      pass("send.before");
      const tenure = tenures.current();
      const headers = { ...request.headers, [LIFE_HEADER]: String(tenure) };
      const sending = sender.send({ ...request, headers });
      soon(() => pass("send.written"));
      const sent = await sending;
      if (sent.answer.kind === "sender_failed" && sent.answer.code === "sender_recalled") {
        tenures.end(tenure);
      }
      pass("send.after");
      return sent;
    },
    close: (graceMs) => sender.close(graceMs),
  };
}

/** After what was already on its way: callbacks of this turn, and what they wrote. */
function soon(what: () => void): void {
  setImmediate(() => setImmediate(what));
}
