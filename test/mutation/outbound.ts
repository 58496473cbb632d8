/** Guards on the way out: addresses, deadlines, limits, TLS. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const OUTBOUND = "server/src/outbound";
const CANARY = `${OUTBOUND}/guarded-connection.test.ts`;
const GUARD = `${OUTBOUND}/guard.test.ts`;
const HOSTILE = "test/hostile/receivers.test.ts";
const TLS = `${OUTBOUND}/tls.test.ts`;
const SENDER = `${OUTBOUND}/http-sender.test.ts`;
const LIMITS = `${OUTBOUND}/answer-limits.test.ts`;
const PROXY = `${OUTBOUND}/proxy.test.ts`;

const ADDRESSES: readonly Mutation[] = [
  ...mutationsOf(
    `${OUTBOUND}/guard.ts`,
    [
      "an allowed address among forbidden ones is enough",
      "const fault = faults.find((found) => found !== undefined);",
      "const fault = faults.every((found) => found !== undefined) ? faults[0] : undefined;",
      CANARY,
      "test/hostile/dns.test.ts",
    ],
    ["literals are not judged when an endpoint is saved", "if (isLiteral) {", "if (false) {", GUARD],
    [
      "Posthorn may call itself",
      "if (isSelf(text, port)) {",
      "if (false) {",
      CANARY,
      "test/hostile/guard.test.ts",
    ],
    [
      "a private name needs no list",
      "if (isPrivateName(hostname) && !guard.hasList) {",
      "if (false) {",
      GUARD,
    ],
    [
      "a private name may be public",
      "if (isPrivateName(hostname) && !addresses.every((address) => guard.isListed(address))) {",
      "if (false) {",
      GUARD,
    ],
    [
      "a proxy is asked for private names",
      "if (!guard.resolvesNames && isPrivateName(hostname)) {",
      "if (false) {",
      PROXY,
    ],
    [
      "clouds' public names of metadata servers are names like others",
      "isInside || METADATA_NAMES.has(hostname)",
      "isInside",
      GUARD,
    ],
  ),
  ...mutationsOf(
    "server/src/address.ts",
    [
      "IPv4 within IPv6 is not unwrapped",
      "return carriesIpv4 ? ipaddr.fromByteArray(address.toByteArray().slice(12)) : address;",
      "return address;",
      "server/src/address.test.ts",
    ],
    [
      "a wide list holds metadata servers",
      "if (isMetadata(address) && prefixLength !== bitsOf(base)) {",
      "if (false) {",
      "server/src/address.test.ts",
    ],
    [
      "what is outside 2000::/3 is public",
      'if (address.kind() === "ipv6" && !matches(address, GLOBAL_UNICAST)) {',
      "if (false) {",
      "server/src/address.test.ts",
    ],
  ),
  ...mutationsOf(
    `${OUTBOUND}/vetting.ts`,
    [
      "what a name resolves to is not judged",
      "const resolvedProblem = addressesProblem(target, found.addresses, guard);",
      "const resolvedProblem = target.isLiteral ? hostProblem(target, guard) : undefined;",
      CANARY,
      "test/hostile/dns.test.ts",
    ],
    [
      "the peer is not looked at once more",
      "const problem = addressesProblem(target, [remoteAddress], guard);",
      "const problem: string | undefined = undefined;",
      CANARY,
    ],
  ),
  ...mutationsOf(
    `${OUTBOUND}/connector.ts`,
    [
      "the runtime looks names up again",
      "lookup: (_hostname, _options, callback) => callback(null, entries),",
      "",
      CANARY,
    ],
    [
      "every address of a name is tried",
      "vetted.addresses.slice(0, ADDRESSES_TRIED_MAX)",
      "vetted.addresses",
      CANARY,
    ],
  ),
  ...mutationsOf(
    `${OUTBOUND}/resolve.ts`,
    [
      "a name may have any number of addresses",
      "answer.addresses.slice(0, ADDRESSES_OF_NAME_MAX)",
      "answer.addresses",
      `${OUTBOUND}/resolve.test.ts`,
    ],
    [
      "an answer is remembered as long as it says",
      "now() + Math.min(Math.max(answer.ttlMs, ANSWER_MS_MIN), ANSWER_MS_MAX)",
      "now() + answer.ttlMs",
      `${OUTBOUND}/resolve.test.ts`,
    ],
  ),
];

const URLS: readonly Mutation[] = mutationsOf(
  `${OUTBOUND}/target.ts`,
  [
    "control characters and backslashes are for the parser to drop",
    "if (/[\\s\\p{Cc}\\\\]/u.test(text)) {",
    "if (false) {",
    GUARD,
  ],
  ["a URL may carry a password", 'if (url.username !== "" || url.password !== "") {', "if (false) {", GUARD],
  ["every port is called", "if (port === 0 || PORTS_NOT_CALLED.has(port)) {", "if (false) {", GUARD],
  ["every scheme is called", "if (!/^https?:\\/\\/[^/]/i.test(text)) {", "if (false) {", GUARD],
);

const LIMITS_OF_AN_ATTEMPT: readonly Mutation[] = [
  ...mutationsOf(
    `${OUTBOUND}/http-sender.ts`,
    [
      "an answer that came in time is a timeout, where nobody had read it yet",
      "setTimeout(ring, ",
      "setTimeout(expire, ",
      SENDER,
    ],
    [
      "an attempt has no deadline",
      "Math.min(request.timeoutMs, TIMER_MS_MAX), exchange)",
      "TIMER_MS_MAX, exchange)",
      `${OUTBOUND}/guarded-connection.test.ts`,
      LIMITS,
    ],
    [
      "a connection that was not read to its end is used again",
      "if (isReusable) {",
      'if (isReusable || sent.answer.kind === "status") {',
      HOSTILE,
    ],
  ),
  ...mutationsOf(`${OUTBOUND}/connector.ts`, [
    "connecting has no limit of its own",
    "const timer = setTimeout(() => fail(timeoutAt(stage)), options.connectTimeoutMs);",
    "const timer = setTimeout(() => {}, 0);",
    CANARY,
  ]),
  ...mutationsOf(`${OUTBOUND}/answer-body.ts`, [
    "a body has no limit",
    "const taken = chunk.subarray(0, ANSWER_BYTES_MAX - this.#length);",
    "const taken = chunk;",
    `${OUTBOUND}/answer-body.test.ts`,
    LIMITS,
  ]),
  ...mutationsOf(
    `${OUTBOUND}/exchange.ts`,
    [
      "the framing of chunks has no limit",
      "if (this.bytesRead > ANSWER_WIRE_BYTES_MAX) {",
      "if (false) {",
      HOSTILE,
    ],
    [
      "what comes before the headers has no limit",
      "} else if (this.bytesRead - unparsedBytes > ANSWER_HEADERS_BYTES_MAX) {",
      "} else if (unparsedBytes < 0) {",
      HOSTILE,
    ],
    ["headers have no limit", "if (bytesOf(headers) > ANSWER_HEADERS_BYTES_MAX) {", "if (false) {", HOSTILE],
    [
      "what broke off after its status is no answer",
      'this.#end(this.#status === 0 ? found : this.#statusAnswer("broken"), false);',
      "this.#end(found, false);",
      HOSTILE,
    ],
    ["a status may be any number", "if (status > 599) {", "if (false) {", HOSTILE],
    [
      "all headers of an answer are kept",
      "return isWithinLimits(headers) ? headers : Object.fromEntries(cappedEntries(headers));",
      "return headers as Record<string, string>;",
      LIMITS,
    ],
  ),
  {
    name: "redirects are followed",
    edits: [
      {
        file: `${OUTBOUND}/http-sender.ts`,
        find: 'import { createConnector } from "./connector.ts";',
        replace: 'import { createConnector } from "./connector.ts";\nimport { interceptors } from "undici";',
      },
      {
        file: `${OUTBOUND}/http-sender.ts`,
        find: "connection.client.dispatch(",
        replace: "connection.client.compose(interceptors.redirect({ maxRedirections: 3 })).dispatch(",
      },
    ],
    tests: [CANARY],
  },
  {
    name: "compressed answers are inflated",
    edits: [
      {
        file: `${OUTBOUND}/http-sender.ts`,
        find: 'import { createConnector } from "./connector.ts";',
        replace: 'import { createConnector } from "./connector.ts";\nimport { interceptors } from "undici";',
      },
      {
        file: `${OUTBOUND}/http-sender.ts`,
        find: "connection.client.dispatch(",
        replace: "connection.client.compose(interceptors.decompress()).dispatch(",
      },
    ],
    tests: [LIMITS],
  },
  ...mutationsOf(
    `${OUTBOUND}/request-headers.ts`,
    [
      "compressed answers are asked for",
      'const list = ["accept-encoding", "identity"];',
      "const list: string[] = [];",
      SENDER,
    ],
    ["reserved headers are sent", "if (isFramingHeader(lowerName)) {", "if (false) {", SENDER],
    ["a header is sent twice", "if (seen.includes(lowerName)) {", "if (false) {", SENDER],
  ),
  ...mutationsOf(
    `${OUTBOUND}/pools.ts`,
    [
      "tenants share connections",
      "const key = `${tenantId} ${target.origin}`;",
      "const key = target.origin + tenantId.slice(0, 0);",
      SENDER,
    ],
    [
      "idle connections have no limit",
      "if (pool.idle.length >= limits.idlePerPoolMax || idleCount >= limits.idleMax) {",
      "if (false) {",
      SENDER,
    ],
  ),
];

const SECURITY_OF_CONNECTIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${OUTBOUND}/connector.ts`,
    ["certificates are not verified", "rejectUnauthorized: true,", "rejectUnauthorized: false,", TLS],
    ["the environment decides whether certificates are verified", "rejectUnauthorized: true,", "", TLS],
    [
      "old versions of TLS are spoken",
      'minVersion: "TLSv1.2",',
      'minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0",',
      TLS,
    ],
  ),
  ...mutationsOf(`${OUTBOUND}/tunnel.ts`, [
    "what a proxy says beside its answer is the receiver's",
    'done(end === reply.length - 4 ? failureIn(reply) : failure("proxy_failed"));',
    "done(failureIn(reply));",
    PROXY,
  ]),
  ...mutationsOf(`${OUTBOUND}/error-codes.ts`, [
    "a proxy that is away is the receiver's fault",
    'proxy_unreachable: { kind: "sender_failed",',
    'proxy_unreachable: { kind: "unreachable",',
    PROXY,
    "test/hostile/through-a-proxy.test.ts",
  ]),
];

export const OUTBOUND_MUTATIONS: readonly Mutation[] = [
  ...ADDRESSES,
  ...URLS,
  ...LIMITS_OF_AN_ATTEMPT,
  ...SECURITY_OF_CONNECTIONS,
];
