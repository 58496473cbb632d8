/**
 * A process of the benchmark: posts events at a steady rate, whatever becomes of those before. Each says when
 * it was meant to be posted. Told what to post, it says how late it was itself.
 */
import { type Dispatcher, Pool } from "undici";
import { momentMs, until } from "../server/src/cli/bench/moment.ts";
import { SAMPLE_DATA } from "../server/src/cli/bench/sample.ts";
import type { FromGenerator, ToGenerator } from "./generator-protocol.ts";

const CONNECTIONS = 256;
/** Before the first event is due. */
const LEAD_MS = 10;

/** Kept from one load to the next, with its connections. */
let pool: Pool | undefined;

async function postSteadily({ origin, authorization, targets, perSecond, seconds }: ToGenerator) {
  const count = Math.floor(perSecond * seconds);
  const lateMs = new Float64Array(count);
  pool ??= new Pool(origin, { connections: CONNECTIONS });
  const accepting = countAccepted(count);
  const startedAt = momentMs() + LEAD_MS;
  for (let index = 0; index < count; index += 1) {
    const intendedAt = startedAt + (index * 1000) / perSecond;
    await until(intendedAt);
    lateMs[index] = momentMs() - intendedAt;
    const { path = "", type = "" } = targets[index % targets.length] ?? {};
    const headers = { authorization, "content-type": "application/json" };
    const body = JSON.stringify({ type, data: { intended_at: intendedAt, ...SAMPLE_DATA } });
    pool.dispatch({ method: "POST", path, headers, body }, accepting.handler());
  }
  await accepting.all;
  return lateMs.toSorted();
}

/** Resolves when so many were answered with a 2xx; rejects with the first that was not. */
function countAccepted(count: number) {
  const { promise: all, resolve, reject } = Promise.withResolvers<void>();
  let left = count;
  return {
    all,
    handler(): Dispatcher.DispatchHandler {
      return {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          if (status < 200 || status > 299) {
            reject(new Error(`an event is accepted, it was answered with ${status}`));
          }
        },
        onResponseData() {},
        onResponseEnd() {
          left -= 1;
          if (left === 0) {
            resolve();
          }
        },
        onResponseError: (_controller, error) => reject(error),
      };
    },
  };
}

function send(message: FromGenerator): void {
  process.send?.(message);
}

process.on("message", (task: ToGenerator) => {
  void postSteadily(task).then((lateMs) => {
    const at = (part: number) => lateMs[Math.floor(lateMs.length * part)] ?? Number.NaN;
    send({ kind: "posted", count: lateMs.length, lateMsP50: at(0.5), lateMsP99: at(0.99) });
  });
});
process.on("disconnect", () => process.exit(0));
send({ kind: "ready" });
