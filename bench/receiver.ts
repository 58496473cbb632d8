import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cpuMsOf } from "./cpu.ts";
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
  const { port } = await messageOf(child, "listening");
  return {
    url: `http://127.0.0.1:${port}/`,
    async expect(what) {
      const expecting = messageOf(child, "expecting");
      child.send(what);
      await expecting;
      return { complete: messageOf(child, "complete").then(({ receipt }) => receipt) };
    },
    cpuMs: () => cpuMsOf(child),
    close: () => child.disconnect(),
  };
}

type MessageOf<Kind> = Extract<FromReceiver, { readonly kind: Kind }>;

function messageOf<Kind extends FromReceiver["kind"]>(
  child: ChildProcess,
  kind: Kind,
): Promise<MessageOf<Kind>> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`the receiver ended before it said ${kind}`));
    const onMessage = (message: FromReceiver): void => {
      if (isKind(message, kind)) {
        child.off("message", onMessage);
        child.off("exit", onExit);
        resolve(message);
      }
    };
    child.on("message", onMessage);
    child.once("exit", onExit);
  });
}

function isKind<Kind extends FromReceiver["kind"]>(
  message: FromReceiver,
  kind: Kind,
): message is MessageOf<Kind> {
  return message.kind === kind;
}
