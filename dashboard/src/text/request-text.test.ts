import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { requestCurlText, textOfBase64, variableOf } from "./request-text.ts";

const HEADERS = [
  { name: "content-type", value: "application/json" },
  { name: "Webhook-Signature", value: null },
];

describe("requestCurlText()", () => {
  test("requestCurlText() says every byte as it is, to a shell that would read it otherwise", () => {
    const payload = `{"a":"it's $HOME \`x\` \\\\ \\"","b":"\n"}`;
    const url = "https://example.com/a?b='c'&d=$e";
    const text = requestCurlText({ method: "POST", url, headers: HEADERS, payload });
    const script = `curl() { for one in "$@"; do printf '%s\\0' "$one"; done; }\n${text}`;
    const env = { PATH: process.env["PATH"], WEBHOOK_SIGNATURE: "v1,mine" };
    const given = execFileSync("sh", ["-c", script], { encoding: "utf8", env }).split("\0");
    assert.deepEqual(given.slice(0, -1), [
      "-sS",
      "-X",
      "POST",
      url,
      "-H",
      "content-type: application/json",
      "-H",
      "Webhook-Signature: v1,mine",
      "--data-binary",
      payload,
    ]);
  });

  test("requestCurlText() reads from a file what is too long for a command", () => {
    const payload = JSON.stringify("x".repeat(200_000));
    const text = requestCurlText({ method: "POST", url: "https://example.com", headers: [], payload });
    assert.match(text, /--data-binary @payload\.json$/);
  });
});

test("variableOf() makes a name that a shell takes", () => {
  assert.equal(variableOf("X-Bspk-Secret"), "X_BSPK_SECRET");
});

test("textOfBase64() reads text of any language", () => {
  assert.equal(textOfBase64(Buffer.from("naïve 漢字").toString("base64")), "naïve 漢字");
});
