import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { bspk } from "@posthorn/contracts/bspk/send";
import { bubblehouse } from "@posthorn/contracts/bubblehouse/send";
import { cloudEvents } from "@posthorn/contracts/cloudevents/send";
import { VERIFIABLE, type Verifiable } from "@posthorn/contracts/judge-request";
import { spektr } from "@posthorn/contracts/spektr/send";
import { standard } from "@posthorn/contracts/standard/send";
import { givenSecret } from "./remote/given-secret.ts";
import { oneOf } from "./remote/one-of.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";
import { UsageError } from "./remote/usage-error.ts";
import { signedHeaders } from "./signed-headers.ts";

const OPTIONS = {
  contract: { type: "string" },
  "secret-file": { type: "string" },
  id: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const CONTRACTS = { standard, bspk, spektr, bubblehouse, cloudevents: cloudEvents };

const ID_FORM = /^[\x21-\x7e]{1,256}$/;

/**
 * `posthorn sign [--contract name] [--secret-file file] [--id id] [--json]`: reads a body on standard input,
 * and prints the headers with which a receiver takes exactly these bytes now, a line each.
 */
export async function sign(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  const contract = oneOf(VERIFIABLE, "--contract", values.contract) ?? "standard";
  const id = values.id ?? `evt_${randomUUID().replaceAll("-", "")}`;
  if (!ID_FORM.test(id)) {
    throw new UsageError(
      `--id must be 1 to 256 characters of ASCII without spaces, got ${JSON.stringify(id)}`,
    );
  }
  const secret = checked(contract, givenSecret(values["secret-file"]));
  const payload = await buffer(process.stdin);
  const headers = signedHeaders(contract, { secret, payload, id, at: Date.now() });
  print(
    values.json
      ? JSON.stringify(headers)
      : Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join("\n"),
  );
  return 0;
}

function checked(contract: Verifiable, secret: string): string {
  const problems = CONTRACTS[contract].checkEndpoint({ url: "", secret, settings: {} });
  const wrong = problems.find(({ pointer }) => pointer === "/secret");
  if (wrong !== undefined) {
    throw new UsageError(wrong.detail);
  }
  return secret;
}
