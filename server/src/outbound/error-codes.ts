/** Every way an attempt can end without a usable answer: one catalogue of codes, and what leads to each. */
import { errors } from "undici";
import type { Sent } from "./sender.ts";

/** Anything but a status. */
export type Failure = Exclude<Sent["answer"], { kind: "status" }>;

/** How far an attempt has come. */
export type Stage = "reaching_proxy" | "tunnelling" | "resolving" | "connecting" | "securing" | "answering";

interface Meaning {
  readonly kind: Failure["kind"];
  readonly detail: string;
}

/**
 * The catalogue. A code is never renamed and never reused: stored attempts, dashboards and scripts name them.
 */
export const OUTBOUND_CODES = {
  url_not_allowed: { kind: "blocked", detail: "The URL may not be called." },
  address_not_allowed: { kind: "blocked", detail: "The host's address may not be called." },

  request_invalid: { kind: "unsendable", detail: "The request has a header that cannot be sent." },
  dns_not_found: { kind: "unreachable", detail: "DNS knows no address for the host name." },
  dns_failed: { kind: "unreachable", detail: "The host's DNS servers could not say its address." },
  connection_refused: { kind: "unreachable", detail: "Nothing accepts connections at the receiver's port." },
  connection_reset: { kind: "unreachable", detail: "The receiver reset the connection before it answered." },
  connection_closed: {
    kind: "unreachable",
    detail: "The receiver closed the connection before it answered.",
  },
  connection_failed: { kind: "unreachable", detail: "The connection failed." },
  host_unreachable: { kind: "unreachable", detail: "No network route leads to the receiver." },
  tls_certificate_expired: { kind: "unreachable", detail: "The receiver's TLS certificate has expired." },
  tls_certificate_not_yet_valid: {
    kind: "unreachable",
    detail: "The receiver's TLS certificate is not valid yet.",
  },
  tls_certificate_untrusted: {
    kind: "unreachable",
    detail:
      "The receiver's TLS certificate is not signed by a trusted authority, or its chain is incomplete.",
  },
  tls_hostname_mismatch: {
    kind: "unreachable",
    detail: "The receiver's TLS certificate is for another host name.",
  },
  tls_certificate_weak: {
    kind: "unreachable",
    detail: "The receiver's TLS certificate has a key or a signature that is too weak to trust.",
  },
  tls_failed: { kind: "unreachable", detail: "No TLS connection (1.2 or newer) could be agreed on." },
  sender_exhausted: { kind: "sender_failed", detail: "Posthorn ran out of sockets, ports or memory." },
  sender_closed: { kind: "sender_failed", detail: "Posthorn was stopping." },
  sender_recalled: { kind: "sender_failed", detail: "This node may not send for the tenant any more." },

  proxy_unreachable: { kind: "sender_failed", detail: "The proxy could not be reached." },
  proxy_timeout: { kind: "sender_failed", detail: "The proxy did not accept a connection in time." },
  proxy_unauthorized: {
    kind: "sender_failed",
    detail: "The proxy does not accept the credentials in POSTHORN_EGRESS_PROXY.",
  },
  proxy_failed: {
    kind: "sender_failed",
    detail: "The proxy broke the connection off, or did not answer as a proxy does.",
  },
  proxy_denied: { kind: "blocked", detail: "The proxy's rules do not allow the receiver." },
  tunnel_failed: { kind: "unreachable", detail: "The proxy could not connect to the receiver." },

  timeout_tunnel: { kind: "timed_out", detail: "The proxy did not connect to the receiver in time." },
  timeout_dns: { kind: "timed_out", detail: "DNS did not give the receiver's address in time." },
  timeout_connect: { kind: "timed_out", detail: "The receiver did not accept the connection in time." },
  timeout_tls: { kind: "timed_out", detail: "The receiver did not finish the TLS handshake in time." },
  timeout_headers: { kind: "timed_out", detail: "The receiver did not answer in time." },

  response_malformed: { kind: "bad_response", detail: "The receiver's answer is not HTTP/1.1." },
  response_status_invalid: {
    kind: "bad_response",
    detail: "The receiver's status is not one of 200 to 599.",
  },
  response_headers_too_large: {
    kind: "bad_response",
    detail: "The headers of the receiver's answer exceed 16 KB.",
  },
  response_endless: {
    kind: "bad_response",
    detail: "The receiver sent one informational answer after another, and no answer.",
  },
} as const satisfies Record<string, Meaning>;

export type OutboundCode = keyof typeof OUTBOUND_CODES;

/** Builds the answer for a code. Default detail: the catalogue's sentence. */
export function failure(code: OutboundCode, detail: string = OUTBOUND_CODES[code].detail): Failure {
  return { kind: OUTBOUND_CODES[code].kind, code, detail };
}

/** Builds the answer for a code, with an addition at the end of the catalogue's sentence. */
export function failureWith(code: OutboundCode, addition: string): Failure {
  return failure(code, OUTBOUND_CODES[code].detail.replace(/\.$/, `${addition}.`));
}

/**
 * Builds the answer for a deadline that passed at this stage. A deadline within the body leaves a status
 * instead.
 */
export function timeoutAt(stage: Stage): Failure {
  return failure(TIMEOUTS[stage]);
}

/** Carries an answer through callbacks that want an Error. */
export class OutboundError extends Error {
  readonly failure: Failure;

  constructor(found: Failure) {
    super(found.detail);
    this.failure = found;
  }
}

/**
 * Reads what node and undici report. Texts of errors are never repeated, since some quote the request or the
 * answer; the detail ends with the system's code, such as `(ECONNREFUSED)`.
 */
export function failureOf(error: unknown, stage: Stage): Failure {
  if (error instanceof OutboundError) {
    return error.failure;
  }
  const systemCode = systemCodeOf(error);
  if (systemCode === "ETIMEDOUT" || systemCode === "UND_ERR_CONNECT_TIMEOUT") {
    return timeoutAt(stage);
  }
  const code =
    codeOfText(error) ?? codeOf(systemCode, stage) ?? codeOfUndiciError(error) ?? "connection_failed";
  const suffix = systemCode.startsWith("UND_") || systemCode === "" ? "" : ` (${systemCode})`;
  return failureWith(code, suffix);
}

const TIMEOUTS: Readonly<Record<Stage, OutboundCode>> = {
  reaching_proxy: "proxy_timeout",
  tunnelling: "timeout_tunnel",
  resolving: "timeout_dns",
  connecting: "timeout_connect",
  securing: "timeout_tls",
  answering: "timeout_headers",
};

const CAUSES: readonly (readonly [OutboundCode, readonly string[]])[] = [
  ["connection_refused", ["ECONNREFUSED"]],
  ["connection_reset", ["ECONNRESET", "EPIPE", "ECONNABORTED", "ENOTCONN"]],
  ["host_unreachable", ["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL"]],
  // A local firewall's word, and address families that this machine does not have.
  ["host_unreachable", ["EPERM", "EACCES", "EAFNOSUPPORT", "EINVAL"]],
  ["sender_exhausted", ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EAGAIN", "EADDRINUSE"]],
  ["sender_closed", ["UND_ERR_DESTROYED", "UND_ERR_CLOSED"]],
  ["request_invalid", ["UND_ERR_INVALID_ARG", "UND_ERR_NOT_SUPPORTED", "ERR_INVALID_CHAR"]],
  ["tls_certificate_expired", ["CERT_HAS_EXPIRED"]],
  ["tls_certificate_not_yet_valid", ["CERT_NOT_YET_VALID"]],
  ["tls_hostname_mismatch", ["ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH"]],
  ["tls_certificate_untrusted", ["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"]],
  ["tls_certificate_untrusted", ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT"]],
  ["tls_certificate_untrusted", ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_UNTRUSTED", "CERT_REJECTED"]],
  ["tls_certificate_untrusted", ["CERT_SIGNATURE_FAILURE", "CERT_CHAIN_TOO_LONG", "CERT_REVOKED"]],
  ["tls_certificate_untrusted", ["PATH_LENGTH_EXCEEDED", "INVALID_CA", "INVALID_PURPOSE"]],
  ["response_headers_too_large", ["UND_ERR_HEADERS_OVERFLOW"]],
  // undici asserts that a status is at least 100.
  ["response_malformed", ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "ERR_ASSERTION"]],
];

const SYSTEM_CODES: ReadonlyMap<string, OutboundCode> = new Map(
  CAUSES.flatMap(([code, systemCodes]) => systemCodes.map((systemCode) => [systemCode, code] as const)),
);

function codeOf(systemCode: string, stage: Stage): OutboundCode | undefined {
  const code = SYSTEM_CODES.get(systemCode);
  if (code === "sender_exhausted" || code === "sender_closed") {
    return code;
  }
  if (stage === "reaching_proxy") {
    return "proxy_unreachable";
  }
  if (stage === "tunnelling") {
    return "proxy_failed";
  }
  if (stage === "securing" && (code === undefined || code === "connection_reset")) {
    return "tls_failed";
  }
  if (code !== undefined) {
    return code;
  }
  if (systemCode.startsWith("ERR_SSL_") || systemCode.startsWith("ERR_TLS_")) {
    return "tls_failed";
  }
  return undefined;
}

// OpenSSL's fixed texts: node has one code, UNSPECIFIED, for these and others.
function codeOfText(error: unknown): OutboundCode | undefined {
  const isWeak = error instanceof Error && /^[A-Z][A-Za-z ]{0,60} too weak$/.test(error.message);
  return isWeak ? "tls_certificate_weak" : undefined;
}

// The parser's errors have no code in undici 8, and a closed socket has the same code as an answer that it
// cannot follow (100 or 101 unasked): there the text tells.
function codeOfUndiciError(error: unknown): OutboundCode | undefined {
  if (error instanceof errors.HTTPParserError) {
    return "response_malformed";
  }
  if (error instanceof errors.SocketError) {
    return error.message.startsWith("bad ") ? "response_malformed" : "connection_closed";
  }
  return undefined;
}

function systemCodeOf(error: unknown): string {
  // Happy eyeballs: when every address fails, the first failure stands for all.
  const all: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const first = all[0];
  const code = first instanceof Error && "code" in first ? first.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : "";
}
