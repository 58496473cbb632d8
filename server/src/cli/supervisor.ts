/** What a server tells systemd, where that started it as `Type=notify` and waits to be told. */
import { execFile } from "node:child_process";

export interface Supervisor {
  /** It serves. From now on it tells that it is alive, if it is asked to. */
  ready(): void;
  /** It finishes what is in flight, and ends. */
  stopping(): void;
}

/** Hands a state to systemd, such as `READY=1`. */
type Tell = (state: string) => void;

const US_PER_MS = 1000;
/** In the time within which a sign of life must come there are so many. */
const SIGNS = 4;

/**
 * Returns what tells whoever supervises this process, and does nothing where nobody does. Signs of life come
 * from the event loop, so that a loop which no longer turns gives none, and systemd starts another process.
 */
export function createSupervisor(env: NodeJS.ProcessEnv, tell: Tell = tellSystemd): Supervisor {
  if (env["NOTIFY_SOCKET"] === undefined) {
    return { ready() {}, stopping() {} };
  }
  const watchdogMs = Number(env["WATCHDOG_USEC"] ?? 0) / US_PER_MS;
  let timer: NodeJS.Timeout | undefined;
  return {
    ready() {
      tell("READY=1");
      if (watchdogMs > 0) {
        timer = setInterval(() => tell("WATCHDOG=1"), watchdogMs / SIGNS).unref();
      }
    },
    stopping() {
      clearInterval(timer);
      tell("STOPPING=1");
    },
  };
}

/**
 * Node cannot write to a socket of datagrams with a name; every machine with systemd has a program that can.
 */
function tellSystemd(state: string): void {
  execFile("systemd-notify", [state], (error) => {
    if (error !== null) {
      process.stderr.write(`systemd-notify ${state} did not work: ${error.code ?? error.message}\n`);
    }
  });
}
