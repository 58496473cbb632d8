import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { VERIFIABLE } from "@posthorn/contracts/judge-request";
import { CONTRACTS } from "../../server/src/built-in-contracts.ts";

const CLI = join(import.meta.dirname, "../../server/src/cli.ts");
const BODY = '{"type":"invoice.paid","data":{"id":1}}';

function secretOf(contract: string, settings: Readonly<Record<string, unknown>> = {}): string {
  return CONTRACTS.get(contract)?.makeSecret((count) => Buffer.alloc(count, 7), settings) ?? "a".repeat(43);
}

/** Runs a command with a secret in its environment. */
function posthorn(words: readonly string[], input: string | Buffer, secret?: string) {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("POSTHORN_"));
  const env = { ...Object.fromEntries(others), ...(secret === undefined ? {} : { POSTHORN_SECRET: secret }) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], { input, env });
  return { code: status, out: stdout.toString(), err: stderr.toString() };
}

describe("posthorn sign and posthorn verify", () => {
  for (const contract of VERIFIABLE) {
    test(`agree on a body of ${contract}, and on one under another secret`, () => {
      const secret = secretOf(contract, { hmac: true });
      const signed = posthorn(["sign", "--contract", contract], BODY, secret);
      assert.equal(signed.code, 0, signed.err);
      const request = `${signed.out}\n${BODY}`;
      const right = posthorn(["verify", "--contract", contract], request, secret);
      assert.deepEqual([right.code, right.out], [0, "The request is right: a receiver takes it.\n"]);

      const other = secretOf(contract, { hmac: true }).replace(/.{4}$/, "AAA=").replace(/=$/, "A");
      const otherRight = contract === "standard" ? `whsec_${Buffer.alloc(32, 8).toString("base64")}` : other;
      const wrong = posthorn(["verify", "--contract", contract, "--json"], request, otherRight);
      assert.equal(wrong.code, 1, wrong.out + wrong.err);
      assert.match(wrong.out, /^\{"ok":false,"says":"[^"]+secret[^\n]*\}\n$/);
      assert.equal(`${wrong.out}${wrong.err}${right.err}`.includes(secret), false);
    });
  }

  test("name the part that is wrong: a header that is missing, a time, a body", () => {
    const secret = secretOf("standard");
    const { webhook, ...rest } = headersOf(secret);
    const verify = (headers: object, body = BODY) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return posthorn(["verify"], `${lines.join("")}\r\n${body}`, secret).out;
    };
    assert.match(verify(rest), /^The header webhook-signature is missing\.\n {2}/);
    const signature = { "webhook-signature": webhook };
    assert.match(
      verify({ ...rest, ...signature, "webhook-timestamp": "1000000000" }),
      /timestamp is too old/,
    );
    assert.match(
      verify({ ...rest, ...signature }, `${BODY}\n`),
      /^The white space of the body was changed\./,
    );
    assert.match(verify({ ...rest, ...signature }, "{}"), /^The signature is not of these bytes/);
  });

  test("take the secret from a file, and refuse what is no secret and no request with 2", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "posthorn-sign-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "secret");
    const secret = secretOf("standard");
    writeFileSync(file, `${secret}\n`);
    const { out } = posthorn(["sign", "--secret-file", file, "--id", "evt_1"], BODY);
    assert.match(out, /^webhook-id: evt_1\nwebhook-timestamp: \d+\nwebhook-signature: v1,\S+\n$/);
    assert.equal(posthorn(["verify", "--secret-file", file], `${out}\n${BODY}`).code, 0);

    for (const [words, input, given, says] of [
      [["sign"], BODY, "short", /secret must be "whsec_"/],
      [["sign", "--id", "a b"], BODY, secret, /--id must be/],
      [["sign", "--contract", "other"], BODY, secret, /--contract must be one of standard/],
      [["verify", "--secret-file", join(folder, "none")], "", secret, /--secret-file must be a file/],
      [["verify"], "no request", secret, /got no empty line/],
      [["verify"], Buffer.from([0xff, 10, 10]), secret, /must be UTF-8/],
    ] as const) {
      const { code, out: printed, err } = posthorn(words, input, given);
      assert.deepEqual([code, printed], [2, ""], err);
      assert.match(err, says);
      assert.equal(err.includes(secret), false);
    }
  });
});

function headersOf(secret: string) {
  const { out } = posthorn(["sign", "--json"], BODY, secret);
  const { "webhook-signature": webhook, ...rest }: Record<string, string> = JSON.parse(out);
  return { webhook, ...rest };
}
