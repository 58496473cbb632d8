/** How a contract proves who sends, in a sentence. Undefined: it is a contract of the installation's own. */
export function signatureOf(contract: string): string | undefined {
  return SIGNATURES.get(contract);
}

const TOKEN = "A bearer token in Authorization, where the endpoint's settings ask for it.";

const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ["standard", "webhook-signature: HMAC-SHA256 (v1) or Ed25519 (v1a) of id, timestamp and payload."],
  ["bspk", "X-Bspk-Secret: the secret itself. The payload is not signed."],
  ["spektr", "x-signature: HMAC-SHA256 of timestamp and payload, where the endpoint has a secret."],
  [
    "bubblehouse",
    "Authorization: a token of each request, a JWT signed by HS256. The payload is not signed.",
  ],
  ["cloudevents", TOKEN],
  ["cloudevents-batch", TOKEN],
]);
