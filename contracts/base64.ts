/**
 * Decodes standard base64 with its padding; undefined where the text is anything else.
 *
 * Strict, because receivers' libraries are: some refuse the URL-safe alphabet, others missing padding.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
