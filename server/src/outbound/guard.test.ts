import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { describe, it } from "node:test";
import { addressesProblem, createGuard, urlProblem } from "./guard.ts";
import { isOfThisMachine } from "./this-machine.ts";

// Ways to write an address or a name that reads as something else to another parser.
const FORBIDDEN_URLS = [
  // 127.0.0.1
  ...["http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/"],
  ...["http://127.0.0.1./", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://127%2e0%2e0%2e1/"],
  ...[
    "http://%31%32%37.0.0.1/",
    "http://１２７.0.0.1/",
    "http:127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "//127.0.0.1/",
  ],
  ...["http:///127.0.0.1/", "http:/127.0.0.1/", "https://127.0.0.1:8443/hook"],
  // 0.0.0.0 and link-local
  ...["http://0/", "http://0.0.0.0/", "http://0xa9.0xfe.0xa9.0xfe/", "http://169.254.43518/"],
  ...["http://169.254.169.254/latest/meta-data/", "http://168.63.129.16/", "http://100.100.100.200/"],
  // IPv6
  ...["http://[::]/", "http://[::1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://[::127.0.0.1]/"],
  ...["http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::a00:1]/"],
  ...["http://[2002:7f00:1::]/", "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "http://[fd00:ec2::254]/"],
  // Parser tricks
  ...["http://127.1.1.1:80\\@127.2.2.2:80/", "http://127.1.1.1:80\\@@127.2.2.2:80/"],
  ...["http://127.1.1.1:80#\\@127.2.2.2:80/", "http://1.1.1.1 &@2.2.2.2# @3.3.3.3/"],
  ...[
    "http://exa\tmple.com/",
    "http://ex\nample.com/",
    "http://example.com/\r\nx: y",
    " http://example.com/",
  ],
  ...[
    "http://example.com/\u0000",
    "http://example.com/\u0085",
    "http://example.com/\u00a0",
    "http://example.com/\u2028",
  ],
  // Names
  ...[
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://ip6-localhost/",
    "http://redis/",
  ],
  ...[
    "http://metadata/",
    "http://metadata.google.internal./",
    "http://printer.local/",
    "http://x.localdomain/",
  ],
  ...["http://instance-data.ec2.internal/", "http://metadata.goog/", "http://kubernetes.default.svc/"],
  // Not ours to call
  ...["http://user:pw@example.com/", "http://user@example.com/", "http://:pw@example.com/"],
  ...[
    "http://example.com:0/",
    "http://example.com:22/",
    "http://example.com:25/",
    "http://example.com:6379/",
  ],
  ...["https://example.com:5432/", "https://example.com:27017/", "http://example.com:65536/"],
  ...["file:///etc/passwd", "gopher://example.com/", "dict://example.com/", "ftp://example.com/"],
  ...[
    "ws://example.com/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "example.com",
    "/hook",
    "",
    "https://",
  ],
  // Not URLs
  ...[
    "http://0o177.0.0.1/",
    "http://[fe80::1%25eth0]/",
    "http://[::1/",
    "http://[127.0.0.1]/",
    "https://::1/",
  ],
  ...["http://xn--/", "http://127.0.0.1%00.example.com/", "http://./", "http://../"],
  ...[`http://${"a.".repeat(127)}com/`, `https://example.com/${"x".repeat(4_096)}`],
];

const CALLABLE_URLS = [
  ...[
    "https://example.com",
    "http://example.com/hook?x=1",
    "https://EXAMPLE.com:8443/a%20b",
    "https://8.8.8.8/",
  ],
  ...[
    "https://[2606:4700:4700::1111]/",
    "https://bücher.example/",
    "https://example.com./",
    "HTTPS://example.com/",
  ],
  ...["https://169.254.169.254.nip.io/", "http://example.com:8080/", "http://example.com/#fragment"],
];

describe("urlProblem() without a list", () => {
  const guard = createGuard({ allow: [] });

  for (const url of FORBIDDEN_URLS) {
    it(`refuses ${JSON.stringify(url.length > 80 ? `${url.slice(0, 80)}…` : url)}`, () => {
      assert.match(urlProblem(url, guard) ?? "", /^.+\.$/);
    });
  }

  for (const url of CALLABLE_URLS) {
    it(`finds nothing wrong with ${url}`, () => {
      assert.equal(urlProblem(url, guard), undefined);
    });
  }

  it("never repeats a password, a path or a query", () => {
    for (const url of FORBIDDEN_URLS) {
      const secretive = `${url}/s3cret?token=s3cret`.replace("user:pw@", "user:s3cret@");
      assert.doesNotMatch(urlProblem(secretive, guard) ?? "", /s3cret/, url);
    }
  });
});

describe("urlProblem() with a list", () => {
  it("lets localhost be called when both of its addresses are listed", () => {
    const both = createGuard({ allow: ["127.0.0.0/8", "::1/128"] });
    assert.equal(urlProblem("http://localhost:3000/", both), undefined);
    assert.equal(urlProblem("http://app.localhost:3000/", both), undefined);
    const one = createGuard({ allow: ["127.0.0.0/8"] });
    assert.match(
      urlProblem("http://localhost:3000/", one) ?? "",
      /127\.0\.0\.1 and ::1.*POSTHORN_EGRESS_ALLOW/,
    );
  });

  it("leaves other private names to their addresses", () => {
    const guard = createGuard({ allow: ["10.0.0.0/8"] });
    assert.equal(urlProblem("http://hooks.corp.internal/", guard), undefined);
    assert.equal(typeof urlProblem("http://192.168.0.1/", guard), "string");
    assert.equal(typeof urlProblem("http://10.0.0.1:6379/", guard), "string");
  });
});

function at(hostname: string, port = 443) {
  return { hostname, port };
}

describe("addressesProblem()", () => {
  it("forbids a host when only one of its addresses is forbidden", () => {
    const guard = createGuard({ allow: [] });
    assert.equal(addressesProblem(at("a.example"), ["8.8.8.8", "2606::1"], guard), undefined);
    for (const addresses of [
      ["8.8.8.8", "127.0.0.1"],
      ["127.0.0.1", "8.8.8.8"],
      ["8.8.8.8", "::ffff:10.0.0.1"],
    ]) {
      assert.match(addressesProblem(at("a.example"), addresses, guard) ?? "", /a\.example resolves to/);
    }
  });

  it("does not tell which address inside the network a name resolves to", () => {
    const problem = addressesProblem(at("a.example"), ["10.11.12.13"], createGuard({ allow: [] }));
    assert.doesNotMatch(problem ?? "", /10\.11/);
    assert.match(problem ?? "", /a private address/);
  });

  it("asks of a private name that every address is listed, not merely public", () => {
    const guard = createGuard({ allow: ["10.0.0.0/8"] });
    assert.equal(addressesProblem(at("hooks.internal"), ["10.0.0.1"], guard), undefined);
    assert.equal(typeof addressesProblem(at("hooks.internal"), ["8.8.8.8"], guard), "string");
    assert.equal(typeof addressesProblem(at("hooks.internal"), ["10.0.0.1", "8.8.8.8"], guard), "string");
  });

  it("forbids Posthorn's own place, and its port nowhere else, whatever is listed", () => {
    const isSelf = (address: string, port: number) => port === 8080 && isOfThisMachine(address);
    const guard = createGuard({ allow: ["0.0.0.0/0", "::/0"], isSelf });
    for (const address of ["127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"]) {
      assert.match(addressesProblem(at(address, 8080), [address], guard) ?? "", /Posthorn itself/, address);
      assert.equal(addressesProblem(at(address, 8081), [address], guard), undefined, address);
    }
    assert.match(urlProblem("http://localhost:8080/", guard) ?? "", /Posthorn itself .* never called\.$/);
    assert.equal(addressesProblem(at("10.255.1.1", 8080), ["10.255.1.1"], guard), undefined);
  });
});

describe("isOfThisMachine()", () => {
  it("knows every address of every interface", () => {
    const own = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
    assert.ok(own.every(({ address }) => isOfThisMachine(address)));
    assert.equal(isOfThisMachine("192.0.2.1"), false);
    assert.equal(isOfThisMachine("localhost"), false);
  });
});
