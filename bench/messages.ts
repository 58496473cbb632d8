import type { ChildProcess } from "node:child_process";

interface Message {
  readonly kind: string;
}

/** What a child process says. */
export interface Messages<Any extends Message> {
  /** Resolves with its next message of a kind; rejects where it ends before. */
  next<Kind extends Any["kind"]>(kind: Kind): Promise<Extract<Any, { readonly kind: Kind }>>;
}

/** Listens to a child process whose messages are what the benchmark and it have agreed on. */
export function messagesOf<Any extends Message>(child: ChildProcess): Messages<Any> {
  return {
    next<Kind extends Any["kind"]>(kind: Kind) {
      return new Promise<Extract<Any, { readonly kind: Kind }>>((resolve, reject) => {
        const onExit = () => reject(new Error(`the child ended before it said ${kind}`));
        const onMessage = (message: Any): void => {
          if (isKind(message, kind)) {
            child.off("message", onMessage);
            child.off("exit", onExit);
            resolve(message);
          }
        };
        child.on("message", onMessage);
        child.once("exit", onExit);
      });
    },
  };
}

function isKind<Any extends Message, Kind extends Any["kind"]>(
  message: Any,
  kind: Kind,
): message is Extract<Any, { readonly kind: Kind }> {
  return message.kind === kind;
}
