import type { LiveMessage } from "@posthorn/client/operations";
import { connectionOf, REMOTE_OPTIONS } from "./remote/connection.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { plain } from "./remote/table.ts";
import { untilInterrupted } from "./remote/until-interrupted.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  state: { type: "string" },
  types: { type: "string" },
  kinds: { type: "string" },
  endpoint: { type: "string" },
} as const;

/**
 * `posthorn tail [--state s,…] [--types t,…] [--kinds k,…] [--endpoint id] [--json]`: prints what happens
 * until it is interrupted, or nobody reads it any more.
 */
export async function tail(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  const { client, tenant } = connectionOf(values);
  const { state: states, types, kinds, endpoint } = values;
  const asked = { states, types, kinds, endpoint };
  return await untilInterrupted(async (signal) => {
    for await (const message of client.watch(tenant, asked, { signal })) {
      tell(message, values.json);
    }
  });
}

function tell(message: LiveMessage, isJson: boolean): void {
  if (message.kind === "started" && !isJson) {
    process.stderr.write(message.has_missed ? "something was missed; from here on:\n" : "watching\n");
  } else {
    print(isJson ? JSON.stringify(message) : lineOf(message).map(plain).join("  "));
  }
}

/** What is told, in a line: of what kind, what it came to, of which type, and where to look. */
function lineOf(message: LiveMessage): readonly string[] {
  const kind = message.kind.padEnd(8);
  switch (message.kind) {
    case "event": {
      const { type, id, subject } = message.event;
      return [kind, "accepted ", type, id, ...(subject === null ? [] : [subject])];
    }
    case "attempt": {
      const { verdict, number, status, error, duration_ms, endpoint_id } = message.attempt;
      const answer = status === null ? (error ?? "no answer") : String(status);
      const took = `${answer} in ${Math.round(duration_ms)} ms`;
      return [kind, verdict.padEnd(9), message.type, `attempt ${number}`, took, endpoint_id];
    }
    case "delivery": {
      const { state, type, id, reason, next_attempt_at } = message.delivery;
      const next = next_attempt_at === null ? [] : [`again at ${next_attempt_at}`];
      return [kind, state.padEnd(9), type, id, ...(reason === null ? [] : [reason]), ...next];
    }
    case "gap":
      return [kind, message.gap.reason.padEnd(9), message.gap.endpoint_id];
    case "lane": {
      const { endpoint_id, held_since, reason, next_probe_at } = message.lane;
      const next = next_probe_at === null ? [] : [`tried again at ${next_probe_at}`];
      return held_since === null
        ? [kind, "goes on  ", endpoint_id]
        : [kind, "held     ", endpoint_id, reason ?? "", ...next];
    }
    case "started":
      return [kind];
    case "left_out":
      return [kind, `${message.count} more happened than can be told`];
  }
}
