import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { type TokenRules, tokenVerifier } from "./token-verifier.ts";

const key = Buffer.alloc(32, 0xfb);
const otherKey = Buffer.alloc(32, 0xfc);
const secret = key.toString("base64");
const at = 1_800_000_000;

interface Draft {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly signedWith?: Uint8Array;
}

/** Tokens come from jose, which no one here wrote. */
function sign({ claims = {}, header = {}, signedWith = key }: Draft = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256", ...header }).sign(signedWith);
}

async function reasonFor(token: string, rules: Partial<TokenRules> = {}): Promise<string> {
  const verify = tokenVerifier({ secrets: [secret], now: () => at * 1_000, ...rules });
  const verification = await verify(`Bearer ${token}`);
  return verification.kind === "ok" ? "ok" : verification.reason;
}

describe("tokenVerifier()", () => {
  it("tokenVerifier() takes what jose signs, with any claims or none", async () => {
    const drafts = [
      {},
      { header: { typ: "JWT", kid: "k1" } },
      { claims: { aud: "BH", sub: "é😀", exp: at + 1 } },
    ];
    for (const draft of drafts) {
      assert.equal(await reasonFor(await sign(draft)), "ok", JSON.stringify(draft));
    }
  });

  it("tokenVerifier() refuses every algorithm but HS256, none above all", async () => {
    const long = Buffer.alloc(64, 1);
    const secrets = [long.toString("base64")];
    const { privateKey } = await generateKeyPair("RS256");
    const tokens = {
      none: new UnsecuredJWT({}).encode(),
      "none with a signature": `${new UnsecuredJWT({}).encode()}${(await sign()).split(".")[2]}`,
      HS512: await sign({ header: { alg: "HS512" }, signedWith: long }),
      RS256: await new SignJWT({}).setProtectedHeader({ alg: "RS256" }).sign(privateKey),
    };
    for (const [why, token] of Object.entries(tokens)) {
      assert.equal(await reasonFor(token, { secrets }), "token_algorithm_refused", why);
    }
    assert.equal(await reasonFor(await sign({ signedWith: long }), { secrets }), "ok");
  });

  it("tokenVerifier() refuses a token whose header makes conditions that it does not know", async () => {
    const header = { alg: "HS256", crit: ["exp-later"], "exp-later": true };
    const options = { crit: { "exp-later": true } };
    const token = await new SignJWT({}).setProtectedHeader(header).sign(key, options);
    assert.equal(await reasonFor(token), "token_algorithm_refused");
  });

  it("tokenVerifier() refuses a token that is changed at any one character", async () => {
    const token = await sign({ claims: { sub: "shop" } });
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === "A" ? "B" : "A";
      const changed = token.slice(0, index) + other + token.slice(index + 1);
      assert.notEqual(await reasonFor(changed), "ok", `character ${index}`);
    }
  });

  it("tokenVerifier() chooses secrets by kid, and tries those without a name always", async () => {
    const secrets = [
      { keyId: "new", secret: otherKey.toString("base64") },
      { keyId: "old", secret },
      { keyId: "unset", secret: undefined },
    ];
    assert.equal(await reasonFor(await sign({ header: { kid: "old" } }), { secrets }), "ok");
    assert.equal(await reasonFor(await sign(), { secrets }), "ok");
    const wrongKid = await sign({ header: { kid: "new" } });
    assert.equal(await reasonFor(wrongKid, { secrets }), "token_signature_mismatch");
    assert.equal(await reasonFor(wrongKid, { secrets: [...secrets, secret] }), "ok");
  });

  it("tokenVerifier() judges exp, nbf and iat where they are, with a minute's leeway", async () => {
    const reason = async (claims: Record<string, unknown>) => reasonFor(await sign({ claims }));
    assert.equal(await reason({ exp: at - 59, nbf: at + 60, iat: at + 60 }), "ok");
    assert.equal(await reason({ exp: at - 60 }), "token_expired");
    assert.equal(await reason({ nbf: at + 61 }), "token_not_yet_valid");
    assert.equal(await reason({ iat: at + 61 }), "token_not_yet_valid");
    assert.equal(
      await reasonFor(await sign({ claims: { exp: at - 1 } }), { leewaySeconds: 0 }),
      "token_expired",
    );
  });

  it("tokenVerifier() asks for an audience or issuer only where it is told to", async () => {
    const token = await sign({ claims: { aud: ["x", "BH"], iss: "us" } });
    assert.equal(await reasonFor(token, { audience: "BH", issuer: "us" }), "ok");
    assert.equal(await reasonFor(token, { audience: "B" }), "token_audience_mismatch");
    assert.equal(await reasonFor(token, { issuer: "them" }), "token_issuer_mismatch");
    assert.equal(await reasonFor(await sign(), { audience: "BH" }), "token_audience_mismatch");
    assert.equal(await reasonFor(await sign(), { issuer: "us" }), "token_issuer_mismatch");
  });

  it("tokenVerifier() refuses what is no token, and claims that are no times", async () => {
    const [head = "", claims = "", signature = ""] = (await sign()).split(".");
    const malformed = [
      "a.b",
      `${head}.${claims}.${signature}.${signature}`,
      `${head}.${claims}.${signature}=`,
      "..",
      "a",
    ];
    for (const token of malformed) {
      assert.equal(await reasonFor(token), "token_malformed", token);
    }
    assert.equal(await reasonFor(""), "token_missing");
    assert.equal(await reasonFor(await sign({ claims: { exp: "soon" } })), "token_malformed");
    const verify = tokenVerifier({ secrets: [secret] });
    for (const header of [undefined, "", "Bearer", `Basic ${head}.${claims}.${signature}`]) {
      assert.deepEqual(await verify(header), { kind: "refused", reason: "token_missing" });
    }
    assert.deepEqual(await verify(`bearer ${head}.${claims}.${signature}`), { kind: "ok" });
  });

  it("tokenVerifier() decodes secrets in both alphabets or takes their text, says only lengths", async () => {
    const urlSafe = key.toString("base64url");
    assert.equal(await reasonFor(await sign(), { secrets: [urlSafe] }), "ok");
    const text = await sign({ signedWith: Buffer.from(secret) });
    assert.equal(await reasonFor(text), "token_signature_mismatch");
    assert.equal(await reasonFor(text, { secretEncoding: "text" }), "ok");
    assert.throws(() => tokenVerifier({ secrets: ["not base64!"] }), /got a text of 11 characters/);
    assert.throws(() => tokenVerifier({ secrets: ["c2hvcnQ="] }), /at least 16 bytes/);
    assert.throws(() => tokenVerifier({ secrets: [undefined] }), /at least one secret, got none/);
  });
});
