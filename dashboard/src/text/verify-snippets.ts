/** How a receiver verifies what comes, in a few lines of its own language. */

export interface Snippet {
  readonly language: string;
  readonly code: string;
}

/** Returns what verifies requests of a contract; none: it is one of the installation's own. */
export function verifySnippets(contract: string): readonly Snippet[] {
  return SNIPPETS[contract] ?? [];
}

const STANDARD: readonly Snippet[] = [
  {
    language: "Node",
    code: `import { createHmac, timingSafeEqual } from "node:crypto";

// rawBody: the bytes as they came, before anything parses them.
export function isGenuine(headers, rawBody, secret) {
  const { "webhook-id": id, "webhook-timestamp": sentAt, "webhook-signature": signatures } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) <= 300)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(\`\${id}.\${sentAt}.\`).update(rawBody).digest();
  return (signatures ?? "").split(" ").some((each) => {
    const given = Buffer.from(each.replace(/^v1,/, ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}`,
  },
  {
    language: "Python",
    code: `import base64, hashlib, hmac, time

# raw_body: the bytes as they came, before anything parses them.
def is_genuine(headers, raw_body, secret):
    sent_at = headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{sent_at}.".encode() + raw_body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(each.encode(), expected.encode()) for each in given)`,
  },
  {
    language: "Go",
    code: `import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// rawBody: the bytes as they came, before anything parses them.
func isGenuine(headers http.Header, rawBody []byte, secret string) bool {
	sentAt, err := strconv.ParseInt(headers.Get("webhook-timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(sentAt, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(headers.Get("webhook-id") + "." + headers.Get("webhook-timestamp") + "."))
	mac.Write(rawBody)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Split(headers.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), []byte(expected)) {
			return true
		}
	}
	return false
}`,
  },
  {
    language: "Ruby",
    code: `require "base64"
require "openssl"

# raw_body: the bytes as they came, before anything parses them.
def genuine?(headers, raw_body, secret)
  sent_at = headers["webhook-timestamp"].to_s
  return false if (Time.now.to_i - sent_at.to_i).abs > 300
  key = Base64.decode64(secret.delete_prefix("whsec_"))
  signed = "#{headers["webhook-id"]}.#{sent_at}.#{raw_body}"
  expected = "v1," + Base64.strict_encode64(OpenSSL::HMAC.digest("SHA256", key, signed))
  headers["webhook-signature"].to_s.split(" ").any? { |given| OpenSSL.secure_compare(given, expected) }
end`,
  },
  {
    language: "PHP",
    code: `// $rawBody: file_get_contents("php://input"), before anything parses it.
function isGenuine(array $headers, string $rawBody, string $secret): bool
{
    $sentAt = $headers["webhook-timestamp"] ?? "";
    if (!ctype_digit($sentAt) || abs(time() - (int) $sentAt) > 300) {
        return false;
    }
    $key = base64_decode(preg_replace("/^whsec_/", "", $secret));
    $signed = ($headers["webhook-id"] ?? "") . "." . $sentAt . "." . $rawBody;
    $expected = "v1," . base64_encode(hash_hmac("sha256", $signed, $key, true));
    foreach (explode(" ", $headers["webhook-signature"] ?? "") as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}`,
  },
];

const BSPK: readonly Snippet[] = [
  {
    language: "Node",
    code: `import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text) => createHash("sha256").update(text ?? "").digest();

// The secret itself comes in a header; the body is not signed.
export function isGenuine(headers, secret) {
  return timingSafeEqual(digest(headers["x-bspk-secret"]), digest(secret));
}`,
  },
  {
    language: "Python",
    code: `import hmac

# The secret itself comes in a header; the body is not signed.
def is_genuine(headers, secret):
    return hmac.compare_digest(headers.get("x-bspk-secret", "").encode(), secret.encode())`,
  },
];

const SPEKTR: readonly Snippet[] = [
  {
    language: "Node",
    code: `import { createHmac, timingSafeEqual } from "node:crypto";

// rawBody: the bytes as they came, before anything parses them.
export function isGenuine(headers, rawBody, secret) {
  const sentAt = headers["x-signature-timestamp"];
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) <= 300)) return false;
  const expected = createHmac("sha256", secret).update(\`\${sentAt}.\`).update(rawBody).digest();
  const given = Buffer.from(headers["x-signature"] ?? "", "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}`,
  },
  {
    language: "Python",
    code: `import hashlib, hmac, time

# raw_body: the bytes as they came, before anything parses them.
def is_genuine(headers, raw_body, secret):
    sent_at = headers["x-signature-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        return False
    expected = hmac.new(secret.encode(), f"{sent_at}.".encode() + raw_body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers["x-signature"].encode(), expected.encode())`,
  },
];

const BUBBLEHOUSE: readonly Snippet[] = [
  {
    language: "Node",
    code: `import { jwtVerify } from "jose";

// The token vouches for the sender, and not for the body.
export async function isGenuine(headers, secret) {
  const [, token = ""] = (headers["authorization"] ?? "").split(" ");
  const key = Buffer.from(secret, "base64");
  try {
    await jwtVerify(token, key, { algorithms: ["HS256"], clockTolerance: 60 });
    return true;
  } catch {
    return false;
  }
}`,
  },
  {
    language: "Python",
    code: `import base64, jwt  # PyJWT

# The token vouches for the sender, and not for the body.
def is_genuine(headers, secret):
    token = headers.get("authorization", "").partition(" ")[2]
    try:
        jwt.decode(token, base64.b64decode(secret), algorithms=["HS256"], leeway=60,
                   options={"verify_aud": False})
        return True
    except jwt.InvalidTokenError:
        return False`,
  },
];

const CLOUDEVENTS: readonly Snippet[] = [
  {
    language: "Node",
    code: `import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text) => createHash("sha256").update(text ?? "").digest();

// The token vouches for the sender, and not for the body.
export function isGenuine(headers, secret) {
  return timingSafeEqual(digest(headers["authorization"]), digest(\`Bearer \${secret}\`));
}`,
  },
  {
    language: "Python",
    code: `import hmac

# The token vouches for the sender, and not for the body.
def is_genuine(headers, secret):
    expected = f"Bearer {secret}".encode()
    return hmac.compare_digest(headers.get("authorization", "").encode(), expected)`,
  },
];

const SNIPPETS: Readonly<Record<string, readonly Snippet[]>> = {
  standard: STANDARD,
  bspk: BSPK,
  spektr: SPEKTR,
  bubblehouse: BUBBLEHOUSE,
  cloudevents: CLOUDEVENTS,
  "cloudevents-batch": CLOUDEVENTS,
};
