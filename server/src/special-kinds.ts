import { covers, parseAddress, specialKind } from "./address.ts";
import { parseNetwork } from "./network.ts";

/** An address of each range that is not public and that a wide network may hold in its middle. */
const SAMPLES = [
  ...["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.0.1", "100.64.0.1"],
  ...["::1", "fd00::1", "fe80::1"],
];

/**
 * Says in noun phrases what addresses that are not public a CIDR holds; empty: all of it is public. Throws an
 * Error for what is no CIDR.
 */
export function specialKinds(cidr: string): readonly string[] {
  const network = parseNetwork(cidr);
  const [base] = network;
  const samples = SAMPLES.flatMap((text) => parseAddress(text) ?? []);
  const held = [base, ...samples.filter((address) => covers(network, address))];
  return [...new Set(held.flatMap((address) => specialKind(address) ?? []))];
}
