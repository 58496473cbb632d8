import { buffer } from "node:stream/consumers";
import { judge, VERIFIABLE } from "@posthorn/contracts/judge-request";
import { HALVES } from "@posthorn/contracts/receiving-halves";
import { givenSecret } from "./remote/given-secret.ts";
import { oneOf } from "./remote/one-of.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { UsageError } from "./remote/usage-error.ts";

const OPTIONS = {
  contract: { type: "string" },
  "secret-file": { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/**
 * `posthorn verify [--contract name] [--secret-file file] [--json]`: reads a request on standard input, its
 * headers a line each, an empty line, and the body as it came; says whether a receiver would take it, and
 * which part is wrong. Returns 1 where it would not.
 */
export async function verify(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  const contract = oneOf(VERIFIABLE, "--contract", values.contract) ?? "standard";
  const secret = givenSecret(values["secret-file"]);
  const { headers, body } = requestIn(await buffer(process.stdin));
  const { isRight, said, details } = await judge(
    { contract, headers, body, secret },
    { at: Date.now(), halves: HALVES },
  );
  print(
    values.json
      ? JSON.stringify({ ok: isRight, says: said, details })
      : [said, ...details.map((detail) => `  ${detail}`)].join("\n"),
  );
  return isRight ? 0 : 1;
}

function requestIn(input: Buffer): { readonly headers: string; readonly body: string } {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    throw new UsageError("a request on standard input must be UTF-8, got other bytes");
  }
  const [emptyLine] = /\r?\n\r?\n/.exec(text) ?? [];
  if (emptyLine === undefined) {
    throw new UsageError(
      "a request on standard input must be headers, a line each, an empty line, and the body; " +
        "got no empty line",
    );
  }
  const at = text.indexOf(emptyLine);
  return { headers: text.slice(0, at), body: text.slice(at + emptyLine.length) };
}
