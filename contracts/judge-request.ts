/**
 * Says of a request that somebody received whether it would be taken, and what is wrong where it would not.
 *
 * It is judged by the code that receivers run, which is given; nothing of it goes elsewhere.
 */
import { durationText } from "./duration-text.ts";
import { bodyVariants, headersIn } from "./pasted-request.ts";
import type {
  ReceivedEvent,
  ReceivedRequest,
  ReceivingHalf,
  ReceivingOptions,
  Verification,
} from "./receiving.ts";

export const VERIFIABLE = ["standard", "bspk", "spektr", "bubblehouse", "cloudevents"] as const;

export type Verifiable = (typeof VERIFIABLE)[number];

export interface Pasted {
  readonly contract: Verifiable;
  /** A line each. */
  readonly headers: string;
  readonly body: string;
  readonly secret: string;
}

export interface Judgement {
  readonly isRight: boolean;
  /** In short. */
  readonly said: string;
  /** What is behind it, and what to do. */
  readonly details: readonly string[];
}

/** The receiving half of each contract. */
export type ReceivingHalves = Readonly<
  Record<Verifiable, (options: ReceivingOptions) => ReceivingHalf<ReceivedEvent>>
>;

interface Case {
  readonly halves: ReceivingHalves;
  readonly contract: Verifiable;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Judges a request that was pasted, at a time. */
export async function judge(
  { contract, headers, body, secret }: Pasted,
  { at, halves }: { readonly at: number; readonly halves: ReceivingHalves },
): Promise<Judgement> {
  const given: Case = { halves, contract, headers: headersIn(headers), body, secret, at };
  if (secret === "") {
    return wrong("The secret is missing.", ["Give the endpoint's secret: it goes nowhere."]);
  }
  // Browsers keep it from pages that came by plain http, but for this machine's own.
  if (globalThis.crypto.subtle === undefined) {
    return wrong("The browser signs nothing on this page.", ["Open it by https."]);
  }
  let verification: Verification;
  try {
    verification = await verify(given);
  } catch (error) {
    return await wrongSecret(given, error);
  }
  if (verification.kind === "ok") {
    return { isRight: true, said: "The request is right: a receiver takes it.", details: [] };
  }
  return await explain(given, verification.reason);
}

async function verify({ halves, contract, headers, body, secret, at }: Case): Promise<Verification> {
  const request: ReceivedRequest = {
    method: "POST",
    url: "/",
    headers,
    payload: new TextEncoder().encode(body),
  };
  return await halves[contract]({ secrets: [secret], now: () => at }).verify(request);
}

async function isOk(given: Case): Promise<boolean> {
  try {
    return (await verify(given)).kind === "ok";
  } catch {
    return false;
  }
}

async function wrongSecret(given: Case, error: unknown): Promise<Judgement> {
  const secret = given.secret.trim();
  if (secret !== given.secret && (await isOk({ ...given, secret }))) {
    return wrong("The secret has white space around it.", [SECRET_TRIMMED]);
  }
  const why = error instanceof Error ? error.message : String(error);
  return wrong("The secret is none of this contract.", [`${why}.`, "Copy it whole, with its prefix."]);
}

const SECRET_TRIMMED = "Without it the request is right: look at how your program reads the secret.";

async function explain(given: Case, reason: string): Promise<Judgement> {
  const missing = missingHeader(given.contract, reason);
  if (missing !== undefined) {
    const found = Object.keys(given.headers);
    return wrong(`The header ${missing} is missing.`, [
      found.length === 0
        ? "No header was found in what was given: they are a line each, as Name: value."
        : `What was given has ${found.slice(0, 12).join(", ")}.`,
      "Proxies and frameworks leave headers out that they do not know: look at what stands between.",
    ]);
  }
  switch (reason) {
    case "timestamp_too_old":
    case "timestamp_in_future":
      return await explainTime(given, reason);
    case "signature_mismatch":
      return await explainSignature(given);
    case "secret_mismatch":
    case "token_mismatch":
    case "token_signature_mismatch":
      return await explainSecret(given);
    default:
      return wrong(OTHERS[reason] ?? "A receiver refuses it.", [`The reason is ${reason}.`]);
  }
}

function missingHeader(contract: Verifiable, reason: string): string | undefined {
  switch (reason) {
    case "timestamp_missing":
      return contract === "spektr" ? "x-signature-timestamp" : "webhook-timestamp";
    case "signature_missing":
      return contract === "spektr" ? "x-signature" : "webhook-signature";
    case "id_missing":
      return "webhook-id";
    case "secret_missing":
      return "x-bspk-secret";
    case "token_missing":
      return "authorization, with a bearer token,";
    default:
      return undefined;
  }
}

const OTHERS: Readonly<Record<string, string>> = {
  timestamp_malformed: "The timestamp is not a number of seconds since 1970.",
  signature_algorithm_unsupported: "The header x-signature-alg must say sha256.",
  token_malformed: "The token is not a JWT of three parts, or a part of it was changed.",
  token_algorithm_refused: "The token must be signed by HS256, and by nothing else.",
  token_expired: "The signature is right, and the token is over: receivers refuse what comes so late.",
  token_not_yet_valid: "The signature is right, and the token is not good yet: look at your clock.",
};

function sentAt({ headers }: Case): number {
  return Number(headers["webhook-timestamp"] ?? headers["x-signature-timestamp"]) * 1000;
}

/** Whether all but the time is right says what to do about it. */
async function explainTime(given: Case, reason: string): Promise<Judgement> {
  const sent = sentAt(given);
  const isOld = reason === "timestamp_too_old";
  const howFar = durationText(Math.abs(given.at - sent));
  const said = isOld
    ? `The timestamp is too old, by ${howFar}.`
    : `The timestamp is ${howFar} in the future.`;
  const rule = isOld
    ? "Receivers refuse what is older than five minutes, so that nobody can send an old request again."
    : "Receivers refuse what is more than five minutes ahead: the clock of one of both machines is wrong.";
  const inTime = { ...given, at: sent };
  const verification = await verify(inTime);
  if (verification.kind === "ok") {
    return wrong(said, ["The signature is right: secret and bytes are what was signed.", rule]);
  }
  const { said: also, details } = await explain(inTime, verification.reason);
  return wrong(said, [rule, also, ...details]);
}

async function explainSignature(given: Case): Promise<Judgement> {
  for (const { said, body } of bodyVariants(given.body)) {
    if (await isOk({ ...given, body })) {
      return wrong("The white space of the body was changed.", [
        `The secret is right, and so is the signature if ${said}.`,
        "Verify the bytes as they came, before anything parses and prints them again.",
      ]);
    }
  }
  const secret = given.secret.trim();
  if (secret !== given.secret && (await isOk({ ...given, secret }))) {
    return wrong("The secret has white space around it.", [SECRET_TRIMMED]);
  }
  return wrong("The signature is not of these bytes under this secret.", [
    "Either the secret is another one: another endpoint's, or one from before it was rotated.",
    "Or other bytes were signed: the body, the id or the timestamp is not as it was sent. " +
      "It is not white space alone: that was tried.",
  ]);
}

async function explainSecret(given: Case): Promise<Judgement> {
  const secret = given.secret.trim();
  if (secret !== given.secret && (await isOk({ ...given, secret }))) {
    return wrong("The secret has white space around it.", [SECRET_TRIMMED]);
  }
  return wrong("The secret is another one.", [
    "It is another endpoint's, or one from before it was rotated. The body does not count here.",
  ]);
}

function wrong(said: string, details: readonly string[]): Judgement {
  return { isRight: false, said, details };
}
