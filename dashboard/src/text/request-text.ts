import { quoted } from "./curl.ts";

export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly {
    readonly name: string;
    /** Null: it is, or may be, a credential. */
    readonly value: string | null;
  }[];
  /** As text. */
  readonly payload: string;
}

// Linux takes 128 KB as one argument of a command.
const ARGUMENT_BYTES_MAX = 100_000;

/** Says a request as a command of a shell. What is not shown of it stands in variables, named after it. */
export function requestCurlText({ method, url, headers, payload }: ShownRequest): string {
  const isLong = payload.length * 3 > ARGUMENT_BYTES_MAX;
  return [
    `curl -sS -X ${method} ${quoted(url)}`,
    ...headers.map(({ name, value }) =>
      value === null ? `  -H "${name}: $${variableOf(name)}"` : `  -H ${quoted(`${name}: ${value}`)}`,
    ),
    ...(payload === "" ? [] : [`  --data-binary ${isLong ? "@payload.json" : quoted(payload)}`]),
  ].join(" \\\n");
}

/** Names the variable that a header's value is to stand in: `webhook-signature` is `WEBHOOK_SIGNATURE`. */
export function variableOf(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}

/** Reads bytes in Base64 as text. */
export function textOfBase64(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
