/** What an IP address is, judged by its bits and never by its spelling. */
import ipaddr from "ipaddr.js";
import { type Address, bitsOf, type Network, readAddress } from "./network.ts";

// 6to4, Teredo, local-use NAT64 and everything else outside 2000::/3 is not "unicast" here, whatever it
// embeds. The library alone calls ::7f00:1 (127.0.0.1 in the old IPv4-compatible form) and 4000::1 unicast.
const GLOBAL_UNICAST: Network = ipaddr.parseCIDR("2000::/3");

// RFC 6052: networks without IPv4 reach it through these, so DNS64 gives them for ordinary public names.
const NAT64: Network = ipaddr.parseCIDR("64:ff9b::/96");

/**
 * Addresses at which clouds hand credentials to whoever asks from inside. Some of them are in public ranges.
 */
const METADATA = new Set(
  [
    "169.254.169.254", // AWS, Google, Azure, Oracle, DigitalOcean and others
    "169.254.170.2", // AWS container credentials
    "169.254.170.23", // AWS EKS pod identity
    "fd00:ec2::254", // AWS over IPv6
    "fd00:ec2::23", // AWS EKS pod identity over IPv6
    "168.63.129.16", // Azure wire server, a public address
    "100.100.100.200", // Alibaba, in the carrier-grade NAT range
    "192.0.0.192", // Oracle, older
  ].map((text) => ipaddr.parse(text).toString()),
);

const RANGE_NAMES: Readonly<Record<string, string>> = {
  unspecified: "an unspecified address",
  loopback: "a loopback address",
  private: "a private address",
  uniqueLocal: "a private address",
  linkLocal: "a link-local address",
  carrierGradeNat: "an address behind carrier-grade NAT",
  multicast: "a multicast address",
  broadcast: "the broadcast address",
};

/**
 * Returns the parsed address with IPv4 inside IPv6 unwrapped; undefined if the text is not a plain IP
 * address.
 */
export function parseAddress(text: string): Address | undefined {
  const address = readAddress(text);
  const carriesIpv4 = address?.range() === "ipv4Mapped" || (address !== undefined && matches(address, NAT64));
  return carriesIpv4 ? ipaddr.fromByteArray(address.toByteArray().slice(12)) : address;
}

/** Says in a noun phrase what kept an address from being public; undefined if it is public. */
export function specialKind(address: Address): string | undefined {
  if (isMetadata(address)) {
    return "a cloud metadata address";
  }
  const range: string = address.range();
  if (range !== "unicast") {
    return RANGE_NAMES[range] ?? "a special-purpose address";
  }
  if (address.kind() === "ipv6" && !matches(address, GLOBAL_UNICAST)) {
    return "a reserved address";
  }
  return undefined;
}

/**
 * Whether the network contains the address. A metadata address is contained only in the network of itself
 * alone.
 */
export function covers(network: Network, address: Address): boolean {
  const [base, prefixLength] = network;
  if (isMetadata(address) && prefixLength !== bitsOf(base)) {
    return false;
  }
  return matches(address, network);
}

function isMetadata(address: Address): boolean {
  return METADATA.has(address.toString());
}

function matches(address: Address, [base, prefixLength]: Network): boolean {
  return address.kind() === base.kind() && address.match(base, prefixLength);
}
