import type { ContractEndpoint, ContractRequest, Greeting, Handshake, Reception } from "../contract.ts";
import { hookOutput } from "./hook-output.ts";
import { hookRequest } from "./hook-request.ts";
import { bubblehouseSettings } from "./settings.ts";

/**
 * Bubblehouse's Hello1: asked before any other hook is called, at each save and again after a while. The
 * receiver gives the magic back, and says which hooks it wants.
 *
 * How long the vendor waits before it asks again is not public. An hour is our default: a receiver that
 * comes to want other hooks need not be saved anew.
 */
export const hello: Handshake = {
  everyMs: 3_600_000,
  request,
  reception({ greeting, answer }) {
    const output = hookOutput(answer);
    return output.kind === "none"
      ? { kind: "refused", reason: output.reason }
      : receptionOf(output.members, magicOf(greeting));
  },
};

function request(endpoint: ContractEndpoint, greeting: Greeting): ContractRequest | undefined {
  if (!bubblehouseSettings.handshake.read(endpoint.settings)) {
    return undefined;
  }
  return hookRequest(endpoint, {
    ...greeting,
    hook: "Hello1",
    input: Buffer.from(JSON.stringify({ magic: magicOf(greeting) })),
    // Everything else waits for the answer.
    urgency: "real-time",
  });
}

/** Another one for every greeting, as the id is. */
function magicOf({ id }: Greeting): string {
  return id.slice("grt_".length);
}

function receptionOf({ magic, hooks }: Readonly<Record<string, unknown>>, expected: string): Reception {
  if (magic !== expected) {
    return { kind: "refused", reason: magic === undefined ? "magic_missing" : "magic_mismatch" };
  }
  if (!Array.isArray(hooks)) {
    return { kind: "refused", reason: "hooks_missing" };
  }
  return hooks.includes("SendEvent1") ? { kind: "accepted" } : { kind: "refused", reason: "hook_not_wanted" };
}
