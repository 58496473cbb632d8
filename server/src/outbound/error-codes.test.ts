import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errors } from "undici";
import { failure, failureOf, OUTBOUND_CODES, OutboundError, type Stage, timeoutAt } from "./error-codes.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`secret-in-text ${code}`), { code });
}

const READINGS: readonly (readonly [error: unknown, stage: Stage, expected: string])[] = [
  [systemError("ECONNREFUSED"), "connecting", "unreachable connection_refused"],
  [systemError("ECONNRESET"), "answering", "unreachable connection_reset"],
  [systemError("ECONNRESET"), "securing", "unreachable tls_failed"],
  [systemError("EPIPE"), "answering", "unreachable connection_reset"],
  [systemError("EHOSTUNREACH"), "connecting", "unreachable host_unreachable"],
  [systemError("ENETUNREACH"), "connecting", "unreachable host_unreachable"],
  [systemError("ETIMEDOUT"), "connecting", "timed_out timeout_connect"],
  [systemError("ETIMEDOUT"), "answering", "timed_out timeout_headers"],
  [systemError("EMFILE"), "connecting", "sender_failed sender_exhausted"],
  [systemError("CERT_HAS_EXPIRED"), "securing", "unreachable tls_certificate_expired"],
  [systemError("CERT_NOT_YET_VALID"), "securing", "unreachable tls_certificate_not_yet_valid"],
  [systemError("DEPTH_ZERO_SELF_SIGNED_CERT"), "securing", "unreachable tls_certificate_untrusted"],
  [systemError("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "securing", "unreachable tls_certificate_untrusted"],
  [
    Object.assign(new Error("EE certificate key too weak"), { code: "UNSPECIFIED" }),
    "securing",
    "unreachable tls_certificate_weak",
  ],
  [systemError("UNSPECIFIED"), "securing", "unreachable tls_failed"],
  [systemError("ERR_TLS_CERT_ALTNAME_INVALID"), "securing", "unreachable tls_hostname_mismatch"],
  [systemError("ERR_SSL_WRONG_VERSION_NUMBER"), "securing", "unreachable tls_failed"],
  [systemError("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"), "answering", "unreachable tls_failed"],
  [systemError("ESOMETHINGNEW"), "answering", "unreachable connection_failed"],
  [systemError("ESOMETHINGNEW"), "securing", "unreachable tls_failed"],
  [
    new AggregateError([systemError("ECONNREFUSED"), systemError("EHOSTUNREACH")]),
    "connecting",
    "unreachable connection_refused",
  ],
  [new AggregateError([]), "connecting", "unreachable connection_failed"],
  [new errors.SocketError("other side closed"), "answering", "unreachable connection_closed"],
  [new errors.SocketError("bad upgrade"), "answering", "bad_response response_malformed"],
  [new errors.HeadersOverflowError(), "answering", "bad_response response_headers_too_large"],
  [new errors.HTTPParserError("secret-in-text"), "answering", "bad_response response_malformed"],
  [new errors.InvalidArgumentError("secret-in-text"), "resolving", "unsendable request_invalid"],
  [new OutboundError(failure("dns_failed")), "resolving", "unreachable dns_failed"],
  [systemError("not a code: secret-in-text"), "answering", "unreachable connection_failed"],
  ["secret-in-text", "answering", "unreachable connection_failed"],
  [undefined, "answering", "unreachable connection_failed"],
];

describe("failureOf()", () => {
  for (const [error, stage, expected] of READINGS) {
    const name =
      error instanceof Error ? `${error.name} ${"code" in error ? String(error.code) : ""}` : String(error);
    it(`reads ${name} while ${stage} as ${expected}, and never repeats its text`, () => {
      const found = failureOf(error, stage);
      assert.equal(`${found.kind} ${found.code}`, expected);
      assert.doesNotMatch(found.detail, /secret-in-text/);
    });
  }

  it("ends the detail with the system's code", () => {
    assert.match(failureOf(systemError("ECONNREFUSED"), "connecting").detail, /\(ECONNREFUSED\)\.$/);
  });
});

describe("OUTBOUND_CODES", () => {
  it("has snake_case codes and a sentence for each", () => {
    for (const [code, { detail }] of Object.entries(OUTBOUND_CODES)) {
      assert.match(code, /^[a-z]+(_[a-z]+)+$/);
      assert.match(detail, /^[A-Z].*\.$/);
    }
  });

  it("has a timeout for every stage", () => {
    const codes = (["resolving", "connecting", "securing", "answering"] as const).map(
      (stage) => timeoutAt(stage).code,
    );
    assert.deepEqual(codes, ["timeout_dns", "timeout_connect", "timeout_tls", "timeout_headers"]);
  });
});
