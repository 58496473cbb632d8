/** Which addresses reach the machine that Posthorn runs on. */
import { networkInterfaces } from "node:os";
import { parseAddress } from "../address.ts";

/** Tells whether a connection to this address ends here: loopback, "any", or an interface's own. */
export function isOfThisMachine(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) {
    return false;
  }
  const range = address.range();
  if (range === "loopback" || range === "unspecified") {
    return true;
  }
  // Asked for each time: interfaces come and go, and this is asked only about our own port.
  const own = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
  return own.some((of) => parseAddress(of.address)?.toString() === address.toString());
}
