import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternate } from "../../server/src/cli/bench/rounds.ts";
import { makeCertificate } from "../../server/src/outbound/certificate-fixture.ts";
import type { Report } from "../answer.ts";
import { startPosthorn } from "../posthorn.ts";
import { startReceiver } from "../receiver.ts";
import type { Size } from "../size.ts";
import { createLane, type Load, measureThroughput } from "../throughput.ts";

const IN_FLIGHT = 32;
const FAN_OUT = 10_000;
const HOST = "127.0.0.1";

/** Asks what other shapes of the same work cost beside the plain one, which is accepted in batches of 100. */
export async function measure({ rounds, deliveries }: Size): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-bench-tls-"));
  const authority = makeCertificate({ subject: "authority", isAuthority: true });
  const { cert, key } = makeCertificate({ host: HOST, issuer: authority });
  writeFileSync(join(folder, "authority.pem"), authority.cert);
  const receiver = await startReceiver();
  const tlsReceiver = await startReceiver({ tls: { cert, key } });
  const posthorn = await startPosthorn({ NODE_EXTRA_CA_CERTS: join(folder, "authority.pem") });

  const { url } = receiver;
  const plain = await createLane(posthorn, { tenant: "plain", url, maxInFlight: IN_FLIGHT });
  const tls = await createLane(posthorn, { tenant: "tls", url: tlsReceiver.url, maxInFlight: IN_FLIGHT });
  const batches = await createLane(posthorn, {
    tenant: "batches",
    url,
    maxInFlight: 1,
    contract: "cloudevents-batch",
  });
  const many = await createLane(posthorn, { tenant: "many", url, maxInFlight: 1, endpoints: FAN_OUT });

  const load: Load = { deliveries, batch: 100, callers: 4 };
  const measured = await alternate(rounds, {
    plain: async () => await measureThroughput({ posthorn, receiver, lane: plain }, load),
    keyed: async () => await measureThroughput({ posthorn, receiver, lane: plain }, { ...load, keyed: true }),
    https: async () => await measureThroughput({ posthorn, receiver: tlsReceiver, lane: tls }, load),
    "batches of 100 events": async () => await measureThroughput({ posthorn, receiver, lane: batches }, load),
    "one event to 10,000 endpoints": async () => {
      const events = Math.max(1, Math.round(deliveries / FAN_OUT));
      const fanned = { deliveries: events * FAN_OUT, batch: 1, callers: 1 };
      return await measureThroughput({ posthorn, receiver, lane: many }, fanned);
    },
  });
  await posthorn.stop();
  receiver.close();
  tlsReceiver.close();
  rmSync(folder, { recursive: true });

  const { perSecond } = measured;
  const base = perSecond("plain");
  return {
    figures: measured.figures(),
    answers: [
      {
        question: "throughput with an idempotency key on every event ÷ without",
        goal: { atLeast: 0.77 },
        ratio: perSecond("keyed") / base,
      },
      {
        question: "throughput to HTTPS receivers ÷ HTTP",
        goal: { atLeast: 0.6 },
        ratio: perSecond("https") / base,
      },
      {
        question: "events/s in batches of 100 a request ÷ one a request",
        goal: { atLeast: 3 },
        ratio: perSecond("batches of 100 events") / base,
      },
      {
        question: "deliveries/s of one event to 10,000 endpoints ÷ those of events to one",
        goal: { atLeast: 0.8 },
        ratio: perSecond("one event to 10,000 endpoints") / base,
      },
    ],
  };
}
