import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { messagesOf } from "./messages.ts";
import type { Counted, FromReceiver, Receipt, ReceiverManner, ToReceiver } from "./protocol.ts";

/** A receiver in a process of its own. */
export interface Receiver {
  readonly url: string;
  /** Starts counting; the receipt comes when all that is expected is there. */
  expect(what: Expected): Promise<{ readonly complete: Promise<Receipt> }>;
  close(): void;
}

export interface Expected {
  readonly count: Counted;
  readonly number: number;
  /** Of every request's signature; undefined: none is looked at. */
  readonly secret: string | undefined;
}

export async function startReceiver(manner: ReceiverManner = {}): Promise<Receiver> {
  const process = fileURLToPath(new URL("receiver-process.ts", import.meta.url));
  const child = fork(process, [JSON.stringify(manner)]);
  const messages = messagesOf<FromReceiver>(child);
  const { port } = await messages.next("listening");
  return {
    url: `${manner.tls === undefined ? "http" : "https"}://127.0.0.1:${port}/`,
    async expect(what) {
      const expecting = messages.next("expecting");
      const message: ToReceiver = { kind: "expect", ...what };
      child.send(message);
      await expecting;
      return { complete: messages.next("complete").then(({ receipt }) => receipt) };
    },
    close: () => child.disconnect(),
  };
}
