/** Which addresses a connection may be opened to, and whether the one that answered is one of them. */
import type { Socket } from "node:net";
import { type Failure, failure } from "./error-codes.ts";
import { addressesProblem, type Guard, hostProblem, isLoopbackName, LOOPBACK_ADDRESSES } from "./guard.ts";
import type { Resolve } from "./resolve.ts";
import type { Target } from "./target.ts";

export type Vetted = { readonly addresses: readonly string[] } | Failure;

/** Finds the addresses that may be connected to: all of the host's, or none if one of them is forbidden. */
export async function vetReceiver(target: Target, guard: Guard, resolve: Resolve): Promise<Vetted> {
  const problem = hostProblem(target, guard);
  if (problem !== undefined) {
    return failure("address_not_allowed", problem);
  }
  const found = await addressesOf(target, resolve);
  if (!("addresses" in found)) {
    return found;
  }
  const resolvedProblem = addressesProblem(target, found.addresses, guard);
  return resolvedProblem === undefined ? found : failure("address_not_allowed", resolvedProblem);
}

/**
 * Finds the proxy's addresses, if the receiver may be called as far as can be said here. The operator chose
 * the proxy, so its own address is not judged.
 */
export async function vetProxied(
  { target, guard }: { readonly target: Target; readonly guard: Guard },
  proxy: Host,
  resolve: Resolve,
): Promise<Vetted> {
  const problem = hostProblem(target, guard);
  if (problem !== undefined) {
    return failure("address_not_allowed", problem);
  }
  const found = await addressesOf(proxy, resolve);
  return "addresses" in found ? found : failure("proxy_unreachable");
}

/**
 * Says what forbids the peer of a connection. Depth: whatever happened between vetting and connecting, the
 * peer itself must be allowed before a byte is sent.
 */
export function peerFailure(
  target: Target,
  guard: Guard,
  { remoteAddress }: Pick<Socket, "remoteAddress">,
): Failure | undefined {
  if (remoteAddress === undefined) {
    return failure("connection_closed");
  }
  const problem = addressesProblem(target, [remoteAddress], guard);
  return problem === undefined ? undefined : failure("address_not_allowed", problem);
}

type Host = Pick<Target, "hostname" | "isLiteral">;

async function addressesOf({ hostname, isLiteral }: Host, resolve: Resolve): Promise<Vetted> {
  if (isLiteral) {
    return { addresses: [hostname] };
  }
  const found = isLoopbackName(hostname) ? { addresses: LOOPBACK_ADDRESSES } : await resolve(hostname);
  if ("failed" in found) {
    return failure(found.failed);
  }
  return found.addresses.length === 0 ? failure("dns_not_found") : found;
}
