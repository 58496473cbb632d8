export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From `/v1`. */
  readonly path: string;
  readonly body?: unknown;
  /** A body whose every character counts, in place of `body`. */
  readonly bodyText?: string;
}

/** Says a call of the API as a command of a shell. The key stays in a variable. */
export function curlText(serverUrl: string, { method, path, body, bodyText }: ApiCall): string {
  const text = bodyText ?? (body === undefined ? undefined : JSON.stringify(body));
  return [
    `curl -s${method === "GET" ? "" : ` -X ${method}`} ${quoted(`${serverUrl}${path}`)}`,
    `  -H "authorization: Bearer $POSTHORN_KEY"`,
    ...(text === undefined ? [] : [`  -H 'content-type: application/json'`, `  -d ${quoted(text)}`]),
  ].join(" \\\n");
}

/** Within single quotes a shell reads nothing but their end. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
