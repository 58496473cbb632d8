import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { judge, type Pasted } from "@posthorn/contracts/judge-request";
import { headersIn } from "@posthorn/contracts/pasted-request";
import { HALVES } from "@posthorn/contracts/receiving-halves";

const AT = 1_800_000_000_000;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY = '{"type":"order.paid","data":{"id":1}}';

/** A request as the standard contract sends it. */
function sent(change: Partial<Pasted> & { readonly sentAt?: number; readonly signed?: string } = {}): Pasted {
  const { sentAt = AT, signed = BODY, ...rest } = change;
  const timestamp = String(sentAt / 1000);
  const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`evt_1.${timestamp}.${signed}`).digest("base64");
  const headers = [
    "POST /hooks HTTP/1.1",
    "Webhook-Id: evt_1",
    `Webhook-Timestamp: ${timestamp}`,
    `Webhook-Signature: v1,${signature}`,
  ].join("\n");
  return { contract: "standard", headers, body: BODY, secret: SECRET, ...rest };
}

const said = async (pasted: Pasted) => {
  const { said: short, details } = await judge(pasted, { at: AT, halves: HALVES });
  return [short, ...details].join(" ");
};

describe("judge()", () => {
  test("takes what a receiver takes", async () => {
    assert.equal((await judge(sent(), { at: AT, halves: HALVES })).isRight, true);
  });

  test("says that a timestamp is too old, and whether the rest is right", async () => {
    const late = sent({ sentAt: AT - 7_200_000 });
    assert.match(await said(late), /too old, by 2 h\. The signature is right/);
    assert.match(await said({ ...late, body: `${BODY} ` }), /too old, by 2 h\..* white space of the body/);
    assert.match(await said(sent({ sentAt: AT + 600_000 })), /10 m in the future/);
    const unsigned = late.headers.replace("Webhook-Signature", "X");
    assert.match(await said({ ...late, headers: unsigned }), /too old.* webhook-signature is missing/);
  });

  test("tells changed white space from a wrong secret", async () => {
    const indented = JSON.stringify(JSON.parse(BODY), undefined, 2);
    assert.match(
      await said(sent({ body: indented })),
      /white space of the body was changed.*within its JSON/,
    );
    assert.match(await said(sent({ body: BODY, signed: indented })), /indented by two spaces/);
    assert.match(await said(sent({ body: `${BODY}\n` })), /white space at the ends/);
    const exact = '{"data":{"n":1.0,"said":"a, b: \\"c\\" "}}';
    const changed = exact.replaceAll(/(?<=["}0]),(?=")|(?<="):/g, "$& ");
    assert.notEqual(changed, exact);
    assert.match(await said(sent({ body: changed, signed: exact })), /within its JSON is left out/);
    assert.match(await said(sent({ body: exact, signed: changed })), /space after each colon and comma/);
    const escaped = '{"by": "Ren\\u00e9"}';
    assert.match(await said(sent({ body: escaped, signed: '{"by":"René"}' })), /as JavaScript prints it/);
    const other = await said(sent({ secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }));
    assert.match(other, /not of these bytes under this secret.*another endpoint's.*white space alone/);
    assert.match(await said(sent({ body: BODY.replace("1", "2") })), /not of these bytes under this secret/);
  });

  test("says what is wrong with a secret", async () => {
    assert.match(await said(sent({ secret: "" })), /secret is missing/);
    assert.match(await said(sent({ secret: ` ${SECRET}` })), /secret has white space around it/);
    assert.match(await said(sent({ secret: "?" })), /none of this contract/);
  });

  test("names the header that is missing, and what there is", async () => {
    for (const name of ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"]) {
      const { headers } = sent();
      const without = headers.replace(name, `X-${name}`);
      assert.match(await said(sent({ headers: without })), new RegExp(`${name.toLowerCase()} is missing`));
    }
    assert.match(await said(sent({ headers: "" })), /No header was found/);
  });

  test("judges by the contract's own rules", async () => {
    const bspk = { contract: "bspk", body: "{}", secret: "hunter22" } as const;
    assert.equal(
      (await judge({ ...bspk, headers: "X-BSPK-Secret: hunter22" }, { at: AT, halves: HALVES })).isRight,
      true,
    );
    assert.match(await said({ ...bspk, headers: "X-BSPK-Secret: other" }), /secret is another one/);
    assert.match(await said({ ...bspk, headers: "a: b" }), /x-bspk-secret is missing/);
    const timestamp = String(AT / 1000);
    const hex = createHmac("sha256", "hunter22").update(`${timestamp}.{}`).digest("hex");
    const spektr = [
      "x-signature-alg: sha256",
      `x-signature-timestamp: ${timestamp}`,
      `x-signature: ${hex}`,
    ].join("\n");
    const given = { contract: "spektr", body: "{}", secret: "hunter22", headers: spektr } as const;
    assert.equal((await judge(given, { at: AT, halves: HALVES })).isRight, true);
    const cloudevents = {
      ...bspk,
      contract: "cloudevents",
      headers: "Authorization: Bearer hunter22",
    } as const;
    assert.equal((await judge(cloudevents, { at: AT, halves: HALVES })).isRight, true);
    const token = ["eyJhbGciOiJIUzI1NiJ9", Buffer.from(`{"exp":${AT / 1000}}`).toString("base64url")].join(
      ".",
    );
    const key = Buffer.alloc(32, 7);
    const signature = createHmac("sha256", key).update(token).digest("base64url");
    const bubblehouse = {
      contract: "bubblehouse",
      body: "{}",
      secret: key.toString("base64"),
      headers: `Authorization: Bearer ${token}.${signature}`,
    } as const;
    assert.equal((await judge(bubblehouse, { at: AT, halves: HALVES })).isRight, true);
    const { said: over } = await judge(bubblehouse, { at: AT + 61_000, halves: HALVES });
    assert.match(over, /signature is right, and the token is over/);
  });
});

test("headersIn() reads headers as logs, curl and JSON show them, and no name of an object's own", () => {
  const text = [
    "POST / HTTP/1.1",
    "> webhook-id: evt_1",
    "  -H 'webhook-timestamp: 1'",
    '"webhook-signature": "v1,a=",',
    "constructor: x",
  ].join("\r\n");
  const headers = headersIn(text);
  assert.deepEqual(
    { ...headers },
    { "webhook-id": "evt_1", "webhook-timestamp": "1", "webhook-signature": "v1,a=", constructor: "x" },
  );
});
