import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LiveFact } from "../live.ts";
import { createLiveHub } from "../live-hub.ts";
import { createLiveStream, placeOfId } from "./live-stream.ts";

const FILTER = { tenant: 1, kinds: undefined, types: undefined, states: undefined, endpoint: undefined };
const lane = (endpoint: number): LiveFact => ({
  tenant: { number: 1, id: "acme", shard: 0 },
  kind: "lane",
  endpoint,
  hold: undefined,
});

function setup() {
  const waits: { at: number; ring: () => void }[] = [];
  let now = 0;
  let isKeyValid = true;
  let hasEnded = false;
  const clock = {
    now: () => now,
    monotonic: () => now,
    after(delayMs: number, ring: () => void) {
      const wait = { at: now + delayMs, ring };
      waits.push(wait);
      return { cancel: () => void waits.splice(waits.indexOf(wait), 1) };
    },
  };
  const live = createLiveHub({ clock, random: { bytes: (count) => new Uint8Array(count) } });
  const { readable, end } = createLiveStream({
    live,
    clock,
    filter: FILTER,
    after: undefined,
    show: (fact) => ({ kind: fact.kind, endpoint: "endpoint" in fact ? fact.endpoint : 0 }),
    streamMsMax: 90_000,
    mayGoOn: async () => isKeyValid,
    onEnd: () => {
      hasEnded = true;
    },
  });
  const read = (): string => {
    let text = "";
    for (let part: unknown = readable.read(); part !== null; part = readable.read()) {
      text += String(part);
    }
    return text;
  };
  return {
    live,
    end,
    read,
    messages: () =>
      [...read().matchAll(/^data: (.*)$/gm)].map(([, data = ""]): { kind: string; count?: number } =>
        JSON.parse(data),
      ),
    hasEnded: () => hasEnded,
    revoke: () => {
      isKeyValid = false;
    },
    async passTo(at: number) {
      now = at;
      const due = waits.filter((wait) => wait.at <= now);
      for (const wait of due) {
        waits.splice(waits.indexOf(wait), 1);
        wait.ring();
        await new Promise(setImmediate);
      }
    },
  };
}

describe("createLiveStream()", () => {
  it("tells a burst, counts what is beyond it, and goes on at its rate", async () => {
    const { live, messages, passTo } = setup();
    live.tell(Array.from({ length: 1500 }, (_, number) => lane(number)));
    const first = messages();
    assert.equal(first.length, 1001);
    assert.equal(first.filter(({ kind }) => kind === "lane").length, 1000);
    await passTo(1000);
    assert.deepEqual(messages(), [{ kind: "left_out", count: 500 }]);
    live.tell(Array.from({ length: 300 }, (_, number) => lane(number)));
    assert.equal(messages().length, 200);
  });

  it("keeps no more than so much for a reader that takes nothing, and counts the rest", async () => {
    const { live, read, messages, passTo } = setup();
    for (let second = 1; second <= 59; second += 1) {
      await passTo(second * 1000);
      live.tell(Array.from({ length: 200 }, (_, number) => lane(number)));
    }
    const text = read();
    assert.ok(text.length < 140 * 1024, `${text.length} bytes are kept`);
    const told = [...text.matchAll(/"kind":"lane"/g)].length;
    await passTo(61_000);
    const [leftOut] = messages();
    assert.equal(leftOut?.kind, "left_out");
    assert.equal(told + (leftOut.count ?? 0), 59 * 200);
  });

  it("says something while nothing happens, and ends when its time is over", async () => {
    const { read, passTo, hasEnded, live } = setup();
    read();
    await passTo(15_000);
    assert.equal(read(), ": \n\n");
    assert.equal(hasEnded(), false);
    await passTo(90_000);
    assert.equal(hasEnded(), true);
    live.tell([lane(1)]);
    assert.equal(read(), "");
  });

  it("ends when the key that opened it opens nothing any more", async () => {
    const { revoke, passTo, hasEnded } = setup();
    revoke();
    await passTo(15_000);
    assert.equal(hasEnded(), true);
  });
});

describe("placeOfId()", () => {
  it("reads ids of messages, and nothing else", () => {
    assert.deepEqual(placeOfId("0123456789ab-7"), { life: "0123456789ab", number: 7 });
    for (const id of ["", "7", "xyz-7", "0123-", "0123-1x", "0123-1234567890123456"]) {
      assert.equal(placeOfId(id), undefined);
    }
  });
});
