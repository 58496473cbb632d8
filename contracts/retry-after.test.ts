import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { retryAfterMs } from "./retry-after.ts";

const at = Date.UTC(2026, 2, 14, 9, 26, 53);
const dayMs = 86_400_000;

describe("retryAfterMs()", () => {
  it("retryAfterMs() reads whole seconds and HTTP dates, and stops at 24 hours", () => {
    const expected = {
      "0": 0,
      "1": 1_000,
      "120": 120_000,
      "86400": dayMs,
      "86401": dayMs,
      "9999999": dayMs,
      "Sat, 14 Mar 2026 09:27:53 GMT": 60_000,
      "Sat, 14 Mar 2026 09:26:53 GMT": 0,
      "Wed, 21 Oct 2015 07:28:00 GMT": 0,
      "Wed, 21 Oct 2099 07:28:00 GMT": dayMs,
      "Fri, 31 Dec 9999 23:59:59 GMT": dayMs,
    };
    for (const [value, afterMs] of Object.entries(expected)) {
      assert.equal(retryAfterMs(value, at), afterMs, value);
    }
  });

  it("retryAfterMs() ignores everything else", () => {
    const ignored = [
      undefined,
      "",
      "999999999",
      "1e300",
      "Infinity",
      "NaN",
      "-5",
      "0x10",
      " 7 ",
      "1.5",
      "9".repeat(400),
      "9".repeat(10_240),
      "7, 8",
      "7\n",
      "٣",
      // Date.parse and Date.UTC would make something of each of these.
      "Wednesday, 21-Oct-99 07:28:00 GMT",
      "Wed Oct 21 07:28:00 2099",
      "Thu, 21 Oct 2099 07:28:00 GMT",
      "Wed, 21 oct 2099 07:28:00 GMT",
      "Wed, 32 Oct 2099 07:28:00 GMT",
      "Mon, 31 Feb 2099 07:28:00 GMT",
      "Wed, 21 Oct 2099 24:00:00 GMT",
      "Wed, 21 Oct 2099 07:28:60 GMT",
      "Wed, 21 Oct 2099 07:28:00 CET",
      "Wed, 21 Oct 2099 07:28:00 GMT, Wed, 21 Oct 2099 07:28:00 GMT",
      "Mon, 01 Jan 12345 00:00:00 GMT",
      "2099-10-21T07:28:00Z",
      "Invalid Date",
    ];
    for (const value of ignored) {
      assert.equal(retryAfterMs(value, at), undefined, JSON.stringify(value)?.slice(0, 80));
    }
  });

  it("retryAfterMs() stays within 0 and 24 hours, whatever the header", () => {
    const date = fc.date({ noInvalidDate: true }).map((instant) => instant.toUTCString());
    const number = fc.bigInt().map(String);
    fc.assert(
      fc.property(fc.oneof(fc.string(), date, number), (value) => {
        const afterMs = retryAfterMs(value, at);
        assert.ok(afterMs === undefined || (afterMs >= 0 && afterMs <= dayMs), `${afterMs}`);
      }),
    );
  });
});
