import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cpuMsOf } from "./cpu.ts";
import { messagesOf } from "./messages.ts";
import type { FromReceiver, Receipt, ToReceiver } from "./protocol.ts";

/** A receiver in a process of its own. */
export interface Receiver {
  readonly url: string;
  /** Starts counting; the receipt comes when all that is expected is there. */
  expect(what: ToReceiver): Promise<{ readonly complete: Promise<Receipt> }>;
  /** CPU that its process has used so far. */
  cpuMs(): number;
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL("receiver-process.ts", import.meta.url)));
  const messages = messagesOf<FromReceiver>(child);
  const { port } = await messages.next("listening");
  return {
    url: `http://127.0.0.1:${port}/`,
    async expect(what) {
      const expecting = messages.next("expecting");
      child.send(what);
      await expecting;
      return { complete: messages.next("complete").then(({ receipt }) => receipt) };
    },
    cpuMs: () => cpuMsOf(child),
    close: () => child.disconnect(),
  };
}
