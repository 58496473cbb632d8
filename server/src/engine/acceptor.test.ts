import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Problem } from "../problem.ts";
import { type Appended, type Store, StoreRefusal, type Submission } from "../store.ts";
import { createAcceptor } from "./acceptor.ts";
import { createManualClock } from "./engine-fixture.ts";

const ANSWER_MS = 5000;

/** An acceptor over a store that commits when it is told to, one append after the other. */
function setup({ bytesMax = 1_000_000, eventsMax = 1000 } = {}) {
  const groups: (readonly Submission[])[] = [];
  const commits: ((error?: Error) => void)[] = [];
  const seen: string[] = [];
  const heard: string[] = [];
  const clock = createManualClock();
  const room = { bytes: 0, events: 0 };
  const asked: (() => void)[] = [];
  let head = 0;
  let asks = 0;
  /** Takes the submissions of the next append, if no other is being stored. */
  function takeNext(): void {
    if (commits.length === 0) {
      asked.shift()?.();
    }
  }
  const store = {
    append: (_lease: number, submissions: Iterable<Submission>) => {
      asks += 1;
      return new Promise<Appended>((resolve, reject) => {
        asked.push(() => {
          const taken = [...submissions];
          groups.push(taken);
          commits.push((error) => {
            if (error !== undefined) {
              reject(error);
              return;
            }
            const previousHead = head;
            const results = taken.map(() => {
              head += 1;
              return { kind: "accepted" as const, offsets: [head], stored: [] };
            });
            resolve({ results, previousHead, head, changes: 0 });
          });
        });
        takeNext();
      });
    },
  } as unknown as Store;
  const acceptor = createAcceptor({
    store,
    lease: 0,
    room,
    clock,
    limits: {
      acceptWaitingBytesMax: bytesMax,
      acceptWaitingEventsMax: eventsMax,
      acceptMsMax: ANSWER_MS,
    },
    onAppending: () => undefined,
    onAppended: (appended) => seen.push(`appended ${appended.head}`),
    onFailed: () => seen.push("failed"),
  });
  return {
    groups,
    seen,
    clock,
    room,
    accept: (bytes = 10, count = 1) => acceptor.accept(submissionOf(bytes, count)),
    /** With its answer in `heard`. */
    submit: () =>
      void acceptor.accept(submissionOf(10)).then(
        ({ kind }) => heard.push(kind),
        (error) => heard.push(error instanceof Problem ? error.code : String(error)),
      ),
    heard,
    asks: () => asks,
    async commit(error?: Error) {
      commits.shift()?.(error);
      takeNext();
      await new Promise(setImmediate);
    },
  };
}

function submissionOf(bytes: number, count = 1): Submission {
  const event = {
    type: "order.paid",
    subject: undefined,
    occurredAt: undefined,
    data: new Uint8Array(bytes),
    expiresAt: undefined,
    to: undefined,
    extensions: undefined,
  };
  const events = Array.from({ length: count }, () => ({ event, key: undefined }));
  return { tenant: 1, events, key: undefined, keysExpireAt: 0 };
}

function isProblem(code: string) {
  return (error: unknown) => error instanceof Problem && error.code === code;
}

describe("createAcceptor()", () => {
  test("accept() answers after the commit, and each its own offsets", async () => {
    const { accept, commit, seen } = setup();
    const answered: unknown[] = [];
    const waits = [accept(), accept(), accept()].map(async (answer) => answered.push(await answer));
    await new Promise(setImmediate);
    assert.deepEqual(answered, []);

    await commit();
    await commit();
    await Promise.all(waits);
    assert.deepEqual(
      answered,
      [1, 2, 3].map((offset) => ({ kind: "accepted", offsets: [offset], stored: [] })),
    );
    assert.deepEqual(seen, ["appended 1", "appended 3"]);
  });

  test("accept() puts what comes during a commit into the next one, together", async () => {
    const { accept, commit, groups } = setup();
    const answers = [accept(), accept(), accept(), accept()];
    await commit();
    await commit();
    await Promise.all(answers);

    assert.deepEqual(
      groups.map(({ length }) => length),
      [1, 3],
    );
  });

  test("accept() asks for what comes during a commit before that ends, once", async () => {
    const { accept, commit, groups, asks } = setup();
    const answers = [accept(), accept(), accept()];
    const during = { asks: asks(), taken: groups.length };
    await commit();
    const late = accept();
    await commit();
    await commit();
    await Promise.all([...answers, late]);

    assert.deepEqual(during, { asks: 2, taken: 1 });
    assert.deepEqual([asks(), groups.map(({ length }) => length)], [3, [1, 2, 1]]);
  });

  test("accept() says store_unavailable to what waits where a store takes nothing", async () => {
    const { clock, room } = setup();
    const refusing = { append: () => Promise.reject(new Error("closed")) } as unknown as Store;
    const acceptor = createAcceptor({
      store: refusing,
      lease: 0,
      room,
      clock,
      limits: { acceptWaitingBytesMax: 1000, acceptWaitingEventsMax: 10, acceptMsMax: ANSWER_MS },
      onAppending: () => undefined,
      onAppended: () => undefined,
      onFailed: () => undefined,
    });
    await assert.rejects(acceptor.accept(submissionOf(10)), isProblem("store_unavailable"));
    await assert.rejects(acceptor.accept(submissionOf(10)), isProblem("store_unavailable"));
    assert.deepEqual(room, { bytes: 0, events: 0 });
  });

  test("accept() refuses what does not fit any more, before anything of it is stored", async () => {
    const { accept, commit, groups } = setup({ bytesMax: 2000 });
    const first = accept(1000);
    const second = accept(1000);
    await assert.rejects(accept(1000), isProblem("overloaded"));
    await commit();
    await commit();
    await Promise.all([first, second]);
    const again = accept(1000);
    await commit();
    await again;

    assert.deepEqual(groups.flat().length, 3);
  });

  test("accept() refuses events beyond the number that may wait, however small they are", async () => {
    const { accept, commit, groups } = setup({ eventsMax: 5 });
    const first = accept(0, 9);
    const waits = [accept(0, 2), accept(0, 3)];
    await assert.rejects(accept(0, 1), isProblem("overloaded"));
    await commit();
    await commit();
    await Promise.all([first, ...waits]);
    const again = accept(0, 5);
    await commit();
    await again;

    assert.deepEqual(
      groups.map((group) => group.map(({ events }) => events.length)),
      [[9], [2, 3], [5]],
    );
  });

  test("accept() takes a request that is larger than the limit when nothing else waits", async () => {
    const { accept, commit } = setup({ bytesMax: 100 });
    const answer = accept(5000);
    await commit();

    assert.equal((await answer).kind, "accepted");
  });

  test("accept() says store_unavailable to all of a commit that fails and to no other", async () => {
    const { accept, commit, seen } = setup();
    const first = accept();
    const refused = assert.rejects(accept(), isProblem("store_unavailable"));
    await commit();
    await commit(new Error("disk full"));
    await first;
    await refused;
    const third = accept();
    await commit();
    await third;

    assert.deepEqual(seen, ["appended 1", "failed", "appended 2"]);
  });

  test("accept() stores each by itself where the store refuses all, and fails the one at fault", async () => {
    const { accept, commit, groups } = setup();
    const first = accept();
    const others = [accept(), accept(), accept()];
    const ended = Promise.allSettled(others);
    const refusal = new StoreRefusal(new Error("a constraint says no"));
    await commit();
    await commit(refusal);
    await commit();
    await commit(refusal);
    await commit();
    await first;

    const [second, third, fourth] = await ended;
    assert.deepEqual([second?.status, third?.status, fourth?.status], ["fulfilled", "rejected", "fulfilled"]);
    assert.equal(third?.status === "rejected" && third.reason, refusal);
    assert.deepEqual(
      groups.map(({ length }) => length),
      [1, 3, 1, 1, 1],
    );
  });

  test("accept() takes what waited too long out of the line: it is never stored", async () => {
    const { submit, accept, commit, groups, heard, clock, room } = setup();
    submit();
    clock.pass(ANSWER_MS - 1000);
    submit();
    clock.pass(1000);
    const inTime = accept();
    clock.pass(ANSWER_MS - 1000);
    await commit();
    assert.deepEqual(heard, ["store_unavailable", "overloaded"]);
    await commit();

    assert.equal((await inTime).kind, "accepted");
    assert.deepEqual(
      groups.map(({ length }) => length),
      [1, 1],
    );
    assert.deepEqual(room, { bytes: 0, events: 0 });
  });

  test("accept() does not know of a commit without an answer, and tells the log when one comes", async () => {
    const { submit, commit, heard, seen, clock } = setup();
    submit();
    clock.pass(ANSWER_MS);
    await new Promise(setImmediate);
    assert.deepEqual(heard, ["store_unavailable"]);
    assert.deepEqual(seen, []);

    await commit();
    assert.deepEqual(seen, ["appended 1"]);
  });
});
