/** IP addresses and networks as text, read strictly. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { givenText } from "./given-text.ts";

export type Address = ReturnType<typeof ipaddr.parse>;

/** A parsed CIDR: the network and the length of its prefix. */
export type Network = readonly [base: Address, prefixLength: number];

/** Reads an address in its usual spelling; undefined for any other text. */
export function readAddress(text: string): Address | undefined {
  // The library alone also reads octal and short forms, and takes ::8.8.8.8 for ::ffff:8.8.8.8: node:net says
  // what is an address, and the URL parser spells IPv6 in hexadecimal groups. An address with a zone is none
  // here.
  switch (isIP(text)) {
    case 4:
      return ipaddr.parse(text);
    case 6: {
      const hostname = URL.parse(`http://[${text}]`)?.hostname;
      return hostname === undefined ? undefined : ipaddr.parse(hostname.slice(1, -1));
    }
    default:
      return undefined;
  }
}

/**
 * Parses a CIDR such as `10.0.0.0/8` or `fd00::/8`. Throws an Error that names the text: a mistake here opens
 * a network, so short forms and bits beyond the prefix are refused rather than read kindly.
 */
export function parseNetwork(text: string): Network {
  const [addressText = "", prefixText] = text.split("/", 2);
  const base = readAddress(addressText);
  if (base === undefined) {
    throw new Error(
      `a CIDR is an address and a prefix, such as 10.0.0.0/8 or fd00::/8, got ${givenText(text)}`,
    );
  }
  const bits = bitsOf(base);
  if (prefixText === undefined) {
    throw new Error(
      `a CIDR needs a prefix, got ${givenText(text)}; for this one address write "${text}/${bits}"`,
    );
  }
  const isPrefix = /^(0|[1-9]\d{0,2})$/.test(prefixText) && Number(prefixText) <= bits;
  if (!isPrefix || text !== `${addressText}/${prefixText}`) {
    throw new Error(`the prefix of a CIDR here is a number from 0 to ${bits}, got ${givenText(text)}`);
  }
  const parser = bits === 32 ? ipaddr.IPv4 : ipaddr.IPv6;
  const own = base.toString();
  const network = parser.networkAddressFromCIDR(`${own}/${prefixText}`).toString();
  if (own !== network) {
    throw new Error(
      `a CIDR has no bits beyond its prefix, got ${givenText(text)}; ` +
        `write "${network}/${prefixText}" or "${own}/${bits}"`,
    );
  }
  return [base, Number(prefixText)];
}

/** How many bits an address of its family has. */
export function bitsOf(address: Address): number {
  return address.kind() === "ipv4" ? 32 : 128;
}
