import { connectionOf, REMOTE_OPTIONS } from "../remote/connection.ts";
import { secretIn } from "../remote/given-secret.ts";
import { onlyOne } from "../remote/only-one.ts";
import { parseLine } from "../remote/parse-line.ts";
import { print } from "../remote/print.ts";
import { durationMsOf } from "../remote/time-of.ts";
import { UsageError } from "../remote/usage-error.ts";

const OPTIONS = {
  ...REMOTE_OPTIONS,
  overlap: { type: "string" },
  "secret-file": { type: "string" },
} as const;

/**
 * `posthorn endpoints rotate-secret <id> [--overlap 1h] [--secret-file file]`: the new secret alone is on
 * standard output.
 */
export async function rotateSecret(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, OPTIONS);
  const id = onlyOne(positionals, "posthorn endpoints rotate-secret takes the id of one endpoint");
  const file = values["secret-file"];
  const body = {
    secret: file === undefined ? undefined : secretIn(file),
    overlap_seconds: overlapSecondsOf(values.overlap),
  };
  const { client, tenant } = connectionOf(values);
  const rotated = await client.rotateSecret(tenant, id, body);
  print(values.json ? JSON.stringify(rotated) : rotated.secret);
  const [older] = rotated.secrets.flatMap(({ expires_at }) => expires_at ?? []);
  const till = older === undefined ? "the older ones have ended" : `the older ones end at ${older}`;
  process.stderr.write(`${id} has a new secret, shown this once; ${till}\n`);
  return 0;
}

function overlapSecondsOf(given: string | undefined): number | undefined {
  const overlapMs = given === "0" ? 0 : durationMsOf(given);
  if (given !== undefined && overlapMs === undefined) {
    throw new UsageError(`--overlap must be 0, or a time such as 30m, 24h, 7d, got ${given}`);
  }
  return overlapMs === undefined ? undefined : overlapMs / 1000;
}
