import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromFairnessReceiver, ToFairnessReceiver } from "./fairness-protocol.ts";
import { messagesOf } from "./messages.ts";

/** Starts a receiver in a process of its own, which tells how long each event was on its way. */
export async function startFairnessReceiver() {
  const child = fork(fileURLToPath(new URL("fairness-receiver-process.ts", import.meta.url)));
  const messages = messagesOf<FromFairnessReceiver>(child);
  const { port } = await messages.next("listening");
  return {
    origin: `http://127.0.0.1:${port}`,
    async collect(): Promise<readonly number[]> {
      const collected = messages.next("collect");
      const question: ToFairnessReceiver = { kind: "collect" };
      child.send(question);
      return (await collected).latenciesMs;
    },
    close: () => child.disconnect(),
  };
}
