/**
 * The address guard (invariant 8): decides which hosts and addresses may be called.
 *
 * `urlProblem` is advice for whoever saves a URL. The defence is `addressesProblem`, which the connector asks
 * for every new connection, about exactly the addresses it then connects to.
 */

import { covers, parseAddress, specialKind } from "../address.ts";
import { parseNetwork } from "../network.ts";
import { parseTarget, type Target } from "./target.ts";

export interface GuardOptions {
  /**
   * CIDRs that may be called although they are not public. A cloud metadata address needs its own /32 or
   * /128.
   */
  readonly allow: readonly string[];
  /**
   * Whether Posthorn itself listens there; it is never called, listed or not: an event that came back as an
   * event would go round for ever. Default: nowhere.
   */
  readonly isSelf?: (address: string, port: number) => boolean;
  /**
   * Whether Posthorn looks host names up itself; where a proxy does, their addresses are for the proxy to
   * judge. Default: true.
   */
  readonly resolvesNames?: boolean;
}

export interface Guard {
  /** Says what forbids an address, as in "a loopback address"; undefined if it may be called at this port. */
  addressFault(address: string, port: number): string | undefined;
  /** Whether the operator's list, and not only being public, lets this address be called. */
  isListed(address: string): boolean;
  /** Whether the operator lists anything at all. */
  readonly hasList: boolean;
  readonly resolvesNames: boolean;
}

/** RFC 6761: `localhost` and names under it always mean these; no resolver is asked. */
export const LOOPBACK_ADDRESSES = ["127.0.0.1", "::1"] as const;

// Names that are never public: resolvers and hosts files give them a meaning inside a machine, network or
// cloud.
const PRIVATE_SUFFIXES = [
  ...[".localhost", ".local", ".localdomain", ".internal", ".intranet", ".home.arpa"],
  ...[".lan", ".corp", ".home", ".svc"],
];

// Public names of clouds' metadata servers: where Posthorn does not resolve them itself, only the name tells.
const METADATA_NAMES = new Set(["metadata.goog", "metadata.tencentyun.com"]);

/** Returns a guard. Throws an Error that names the CIDR that cannot be read. */
export function createGuard(options: GuardOptions): Guard {
  const { allow, isSelf = () => false, resolvesNames = true } = options;
  const networks = allow.map(parseNetwork);
  function isListed(text: string): boolean {
    const address = parseAddress(text);
    return address !== undefined && networks.some((network) => covers(network, address));
  }
  return {
    isListed,
    hasList: networks.length > 0,
    resolvesNames,
    addressFault(text, port) {
      const address = parseAddress(text);
      if (address === undefined) {
        return "not an IP address";
      }
      if (isSelf(text, port)) {
        return SELF;
      }
      return isListed(text) ? undefined : specialKind(address);
    },
  };
}

/**
 * Says why a URL may not be called, as far as can be said without resolving its name; undefined if nothing is
 * wrong.
 */
export function urlProblem(url: string, guard: Guard): string | undefined {
  const target = parseTarget(url);
  return "problem" in target ? target.problem : hostProblem(target, guard);
}

/**
 * Says why a host may not be called, without resolving it; undefined if it is for its addresses to decide.
 */
export function hostProblem(target: Target, guard: Guard): string | undefined {
  const { hostname, isLiteral } = target;
  if (isLiteral) {
    return addressesProblem(target, [hostname], guard);
  }
  if (!guard.resolvesNames && isPrivateName(hostname)) {
    return `${hostname} is a name inside a machine or network; through a proxy, give its address instead.`;
  }
  if (isLoopbackName(hostname)) {
    return addressesProblem(target, LOOPBACK_ADDRESSES, guard);
  }
  if (isPrivateName(hostname) && !guard.hasList) {
    return privateNameProblem(hostname);
  }
  return undefined;
}

/**
 * Says why a host with these addresses may not be called; undefined if all of them may be. One forbidden
 * address among them forbids the host: whoever controls the name chooses which of them is used next.
 */
export function addressesProblem(
  { hostname, port }: Pick<Target, "hostname" | "port">,
  addresses: readonly string[],
  guard: Guard,
): string | undefined {
  const faults = addresses.map((address) => guard.addressFault(address, port));
  const fault = faults.find((found) => found !== undefined);
  if (fault !== undefined) {
    const means = addresses.includes(hostname) ? "is" : meansPhrase(hostname);
    return `${hostname} ${means} ${fault}; ${fault === SELF ? "that is never called." : REMEDY}`;
  }
  // A private name that resolves to a public address is a mistake or a trick, never a receiver.
  if (isPrivateName(hostname) && !addresses.every((address) => guard.isListed(address))) {
    return privateNameProblem(hostname);
  }
  return undefined;
}

export function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost");
}

// A name without a dot means something only inside a machine or network: `metadata`, `redis`,
// `ip6-localhost`.
function isPrivateName(hostname: string): boolean {
  const isName = parseAddress(hostname) === undefined;
  const isInside = !hostname.includes(".") || PRIVATE_SUFFIXES.some((suffix) => hostname.endsWith(suffix));
  return isName && (isInside || METADATA_NAMES.has(hostname));
}

const SELF = "where Posthorn itself listens";

const REMEDY =
  "only public addresses are called, and those that the operator lists in POSTHORN_EGRESS_ALLOW.";

function privateNameProblem(hostname: string): string {
  return `${hostname} is a name inside a machine or network; ${REMEDY}`;
}

// The address itself is not repeated: it can be a fact about the inside of the network Posthorn runs in.
function meansPhrase(hostname: string): string {
  return isLoopbackName(hostname)
    ? `means ${LOOPBACK_ADDRESSES.join(" and ")}, at least one of them`
    : "resolves to";
}
