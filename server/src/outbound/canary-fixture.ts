/** What must never be called: spellings of this machine's own addresses, and a listener that would notice. */
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import type { TestContext } from "node:test";
import { listen } from "./receiver-fixture.ts";

// All of them reach 127.0.0.1 or ::1 where nothing stops them; PORT is the canary's.
export const LOOPBACK_URLS = [
  ...["http://127.0.0.1:PORT/", "http://127.1:PORT/", "http://2130706433:PORT/", "http://0x7f000001:PORT/"],
  ...[
    "http://0177.0.0.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
  ],
  ...["http://127%2e0%2e0%2e1:PORT/", "http://%31%32%37.0.0.1:PORT/", "http://１２７.0.0.1:PORT/"],
  ...["http:127.0.0.1:PORT/", "http:\\\\127.0.0.1:PORT\\", "http://127.0.0.1:PORT\\@8.8.8.8/"],
  ...[
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://127.9.9.9:PORT/",
    "http://[::]:PORT/",
    "http://[::1]:PORT/",
  ],
  ...["http://[::ffff:127.0.0.1]:PORT/", "http://[0:0:0:0:0:ffff:7f00:1]:PORT/", "https://127.0.0.1:PORT/"],
  ...[
    "http://localhost:PORT/",
    "http://LOCALHOST.:PORT/",
    "http://a.localhost:PORT/",
    "https://localhost:PORT/",
  ],
  ...["http://user:pw@127.0.0.1:PORT/", "http://127.0.0.1:PORT#@8.8.8.8/", "http://lo\tcalhost:PORT/"],
];

export interface Canary {
  readonly port: number;
  /** How often it was called so far. */
  readonly calls: () => number;
  assertUntouched(): void;
}

/** A listener on every address of this machine that must never be called. */
export async function setupCanary(t: TestContext): Promise<Canary> {
  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((of) => of?.address === "::1");
  const { port, sockets } = await listen(t, (socket) => socket.end(), hasIpv6 ? "::" : "0.0.0.0");
  return {
    port,
    calls: () => sockets.length,
    assertUntouched: () => assert.equal(sockets.length, 0, "connections to the canary"),
  };
}
