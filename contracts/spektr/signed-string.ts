/**
 * What the HMAC covers: the timestamp, a dot and the body; the timestamp and the body; or the body. Which of
 * them the vendor signs is not known to us.
 */
export const signedStrings = ["timestamp.body", "timestampbody", "body"] as const;

export type SignedString = (typeof signedStrings)[number];

/** Returns what is signed before the body. */
export function signedHead(signedString: SignedString, timestamp: string): string {
  switch (signedString) {
    case "timestamp.body":
      return `${timestamp}.`;
    case "timestampbody":
      return timestamp;
    case "body":
      return "";
  }
}
