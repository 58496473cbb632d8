import assert from "node:assert/strict";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { describe, test } from "node:test";
import { createOpenAnswers } from "./open-answers.ts";

function setup() {
  const open = createOpenAnswers();
  const socket = new Socket();
  const seen: string[] = [];
  return {
    open,
    socket,
    seen,
    /** An answer to the connection's next request. */
    answer: (name: string) => {
      const answer = new ServerResponse(new IncomingMessage(socket));
      open.add(answer);
      return { answer, watch: () => open.whenOver(answer, () => seen.push(name)) };
    },
  };
}

describe("whenOver()", () => {
  test("calls back once, when the answer is over or its connection has gone", () => {
    const { open, socket, seen, answer } = setup();
    const first = answer("first");
    const second = answer("second");
    first.watch();
    second.watch();
    assert.deepEqual(open.of(socket), [first.answer, second.answer]);

    first.answer.emit("close");
    assert.deepEqual(seen, ["first"]);
    socket.emit("close");
    second.answer.emit("close");
    assert.deepEqual(seen, ["first", "second"]);
    assert.deepEqual(open.of(socket), []);
  });

  test("calls back at once where the connection went before anybody asked", () => {
    const { socket, seen, answer } = setup();
    const { watch } = answer("first");
    socket.emit("close");
    watch();

    assert.deepEqual(seen, ["first"]);
  });
});
