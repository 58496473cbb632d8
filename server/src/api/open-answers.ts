import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The answers that are not finished, by their connection and in the order of its requests. */
export interface OpenAnswers {
  /** Adds an answer until it is finished or its connection has gone; returns how many its connection has. */
  add(answer: Answer): number;
  of(socket: Socket): readonly Answer[];
  /** Calls back when an answer that was added is over: at once, if its connection has gone meanwhile. */
  whenOver(answer: Answer, callback: () => void): void;
}

export type Answer = ServerResponse & { readonly req: IncomingMessage };

type Callbacks = (() => void)[];

export function createOpenAnswers(): OpenAnswers {
  const bySocket = new WeakMap<Socket, Map<Answer, Callbacks>>();

  function answersOf(socket: Socket): Map<Answer, Callbacks> {
    const known = bySocket.get(socket);
    if (known !== undefined) {
      return known;
    }
    const answers = new Map<Answer, Callbacks>();
    bySocket.set(socket, answers);
    // An answer that waits for others before it does not hear of the end of its connection.
    socket.once("close", () => {
      for (const answer of answers.keys()) {
        end(answers, answer);
      }
    });
    return answers;
  }

  function end(answers: Map<Answer, Callbacks>, answer: Answer): void {
    const callbacks = answers.get(answer) ?? [];
    answers.delete(answer);
    for (const callback of callbacks) {
      callback();
    }
  }

  return {
    add(answer) {
      const answers = answersOf(answer.req.socket);
      answers.set(answer, []);
      answer.once("close", () => end(answers, answer));
      return answers.size;
    },
    of: (socket) => [...(bySocket.get(socket)?.keys() ?? [])],
    whenOver(answer, callback) {
      const callbacks = bySocket.get(answer.req.socket)?.get(answer);
      if (callbacks === undefined) {
        callback();
      } else {
        callbacks.push(callback);
      }
    },
  };
}
