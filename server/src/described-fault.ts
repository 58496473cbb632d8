// What others throw may carry anything as its code; what looks like one is no payload.
const CODE = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Says of something caught what may be in a log: no message, and no members, in which anything may stand. */
export function describeFault(fault: unknown): unknown {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause === undefined ? describeOne(fault) : { ...describeOne(fault), cause: describeOne(cause) };
}

function describeOne(fault: unknown): object {
  if (!(fault instanceof Error)) {
    return { class: typeof fault };
  }
  const code =
    "code" in fault && typeof fault.code === "string" && CODE.test(fault.code) ? fault.code : undefined;
  return { class: fault.constructor.name, code, frames: framesOf(fault) };
}

function framesOf({ stack = "", message }: Error): readonly string[] {
  // The stack starts with the message, which may have lines that look like frames.
  const start = message === "" ? 0 : stack.indexOf(message) + message.length;
  return stack
    .slice(start)
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .map((line) => line.slice("    at ".length));
}
