import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseEgressProxy } from "./egress-proxy.ts";

describe("parseEgressProxy()", () => {
  test("parseEgressProxy() reads host, port and credentials", () => {
    assert.deepEqual(parseEgressProxy("http://proxy.example:3128"), {
      hostname: "proxy.example",
      port: 3128,
      authorization: undefined,
    });
    assert.deepEqual(parseEgressProxy("http://[::1]:3128/"), {
      hostname: "::1",
      port: 3128,
      authorization: undefined,
    });
    assert.deepEqual(parseEgressProxy("http://user:p%40ss%3A@10.0.0.1"), {
      hostname: "10.0.0.1",
      port: 80,
      authorization: `Basic ${Buffer.from("user:p@ss:").toString("base64")}`,
    });
  });

  const REFUSED: readonly (readonly [text: string, problem: RegExp])[] = [
    ["", /a URL such as/],
    ["proxy.example:3128", /a URL such as/],
    ["socks5://hunter22@proxy.example", /a URL such as/],
    ["https://hunter22@proxy.example", /begin with http:\/\//],
    ["http://proxy.example:3128/path", /more behind/],
    ["http://proxy.example:3128/?hunter22", /more behind/],
    ["http://proxy.example:3128/#hunter22", /more behind/],
    ["http://proxy.example:3128\n", /more behind/],
    ["http://proxy.example:99999", /a URL such as/],
    ["http://hunter22:%ff@proxy.example", /percent-encoded/],
    ["http://hunter22:%0d%0a@proxy.example", /percent-encoded/],
    ["http://hunter22%3a:x@proxy.example", /percent-encoded/],
  ];

  for (const [text, problem] of REFUSED) {
    test(`parseEgressProxy() refuses ${JSON.stringify(text)} and repeats nothing of it`, () => {
      const read = parseEgressProxy(text);
      assert.ok("problem" in read);
      assert.match(read.problem, problem);
      assert.doesNotMatch(read.problem, /hunter22/);
    });
  }
});
