/** Five hundred hostile receivers at once: what each comes to, and that nothing stays behind. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inShort, listen, type Setup, setupSender } from "../../server/src/outbound/receiver-fixture.ts";
import { type HostileReceiver, isExpectedInCrowd, urlOf } from "./hostile-receiver.ts";
import { bytesInUse, settledBytes } from "./memory.ts";
import { HOSTILE_RECEIVERS } from "./receivers.ts";

const ATTEMPTS = 500;
const AT_ONCE = 50;
const DEADLINE_MS = 150;
const PATIENT_MS = 60_000;
// What the runtime itself comes and goes by; an answer that stayed is 64 KB, five hundred of them 32 MB.
const BYTES_LEFT_MAX = 12_000_000;

interface Target extends HostileReceiver {
  readonly url: string;
}

function socketsOpen(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS)/.test(name)).length;
}

async function attack(targets: readonly Target[], { post }: Setup): Promise<readonly string[]> {
  const surprises: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < ATTEMPTS) {
      const target = targets[next++ % targets.length];
      assert.ok(target !== undefined);
      const { url, lasts = false, payloadBytes = 10 } = target;
      const timeoutMs = lasts ? DEADLINE_MS : PATIENT_MS;
      const sent = await post(url, { timeoutMs, payload: Buffer.alloc(payloadBytes) });
      const outcome = inShort(sent);
      if (!isExpectedInCrowd(target, outcome) || sent.phases.endMs > 60 * DEADLINE_MS) {
        surprises.push(`a receiver that ${target.does} came to ${outcome} in ${sent.phases.endMs} ms`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return surprises;
}

describe("send() to five hundred hostile receivers", () => {
  it("ends each as it must, and leaves no socket and no memory behind", async (t) => {
    const targets = await Promise.all(
      HOSTILE_RECEIVERS.map(async (receiver) => {
        const { origin } = await listen(t, receiver.behave);
        return { ...receiver, url: urlOf(receiver, origin) };
      }),
    );
    const setup = setupSender(t, { idleMax: 8 });
    // The first round fills what is filled once: pools, compiled code, the parser's memory.
    assert.deepEqual(await attack(targets, setup), []);
    const before = { bytes: bytesInUse(), sockets: socketsOpen() };

    assert.deepEqual(await attack(targets, setup), []);

    const { connections, idle, inFlight } = setup.sender.counts();
    assert.deepEqual({ inFlight, isAllIdle: connections === idle }, { inFlight: 0, isAllIdle: true });
    assert.ok(socketsOpen() <= before.sockets + AT_ONCE, `sockets: ${before.sockets}, then ${socketsOpen()}`);
    const grown = (await settledBytes(before.bytes + BYTES_LEFT_MAX)) - before.bytes;
    assert.ok(grown < BYTES_LEFT_MAX, `memory has grown by ${grown} bytes`);
  });
});
