import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAddress } from "./address.ts";
import { createGuard } from "./outbound/guard.ts";

// What each address stands for is in its range's RFC; the edges are one inside and one outside.
const FORBIDDEN = [
  ...["0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1"],
  ...["127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.1"],
  ...["192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.254"],
  ...["198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
  ...["168.63.129.16", "100.100.100.200", "169.254.170.2"],
  ...["::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1"],
  ...[
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "64:ff9b:1::808:808",
  ],
  ...["100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1"],
  ...["2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1"],
  ...["fd00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1"],
  ...["::ffff:0:127.0.0.1", "0:0:0:0:0:ffff:127.0.0.1", "0:0:0:0:0:0:0:1"],
  ...[
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "1.2.3.4:80",
    "[::1]",
    "8.8.8.8/32",
  ],
];

const PUBLIC = [
  ...["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.254", "100.128.0.1", "126.255.255.254"],
  ...["128.0.0.1", "169.253.255.254", "169.255.0.1", "172.15.255.254", "172.32.0.1", "192.167.255.254"],
  ...["192.169.0.1", "198.17.255.254", "198.20.0.1", "223.255.255.254", "168.63.129.15"],
  ...["2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1", "2001:200::1", "3ffe::1"],
  ...["::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
];

describe("createGuard() without a list", () => {
  const guard = createGuard({ allow: [] });

  for (const address of FORBIDDEN) {
    it(`addressFault() forbids ${JSON.stringify(address)}`, () => {
      assert.equal(typeof guard.addressFault(address, 443), "string");
    });
  }

  for (const address of PUBLIC) {
    it(`addressFault() lets ${address} be called`, () => {
      assert.equal(guard.addressFault(address, 443), undefined);
    });
  }
});

describe("createGuard() with a list", () => {
  it("addressFault() lets a listed address be called in any spelling, and no other", () => {
    const guard = createGuard({ allow: ["10.1.0.0/16", "fd12::/16"] });
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "fd12::7"]) {
      assert.equal(guard.addressFault(address, 443), undefined, address);
    }
    for (const address of ["10.2.0.1", "127.0.0.1", "fd13::7", "::1"]) {
      assert.equal(typeof guard.addressFault(address, 443), "string", address);
    }
  });

  it("addressFault() forbids a cloud metadata address unless it is listed alone", () => {
    const wide = createGuard({ allow: ["0.0.0.0/0", "::/0"] });
    assert.equal(wide.addressFault("10.0.0.1", 443), undefined);
    assert.equal(wide.addressFault("169.254.169.254", 443), "a cloud metadata address");
    assert.equal(wide.addressFault("::ffff:169.254.169.254", 443), "a cloud metadata address");
    assert.equal(wide.addressFault("fd00:ec2::254", 443), "a cloud metadata address");
    assert.equal(wide.addressFault("fd00:0ec2:0:0::254", 443), "a cloud metadata address");
    const narrow = createGuard({ allow: ["169.254.169.254/32"] });
    assert.equal(narrow.addressFault("169.254.169.254", 443), undefined);
  });

  it("throws an Error that names the CIDR it cannot read", () => {
    assert.throws(() => createGuard({ allow: ["10.0.0.0/8", "nonsense"] }), /got "nonsense"/);
  });
});

describe("parseAddress()", () => {
  it("unwraps IPv4 that IPv6 carries to IPv4 hosts", () => {
    assert.equal(parseAddress("::ffff:1.2.3.4")?.toString(), "1.2.3.4");
    assert.equal(parseAddress("64:ff9b::102:304")?.toString(), "1.2.3.4");
    assert.equal(parseAddress("2606::1")?.kind(), "ipv6");
  });
});
