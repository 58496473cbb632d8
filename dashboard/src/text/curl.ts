export interface ApiCall {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From `/v1`. */
  readonly path: string;
  readonly body?: unknown;
}

/** Says a call of the API as a command of a shell. The key stays in a variable. */
export function curlText(serverUrl: string, { method, path, body }: ApiCall): string {
  return [
    `curl -s${method === "GET" ? "" : ` -X ${method}`} ${quoted(`${serverUrl}${path}`)}`,
    `  -H "authorization: Bearer $POSTHORN_KEY"`,
    ...(body === undefined
      ? []
      : [`  -H 'content-type: application/json'`, `  -d ${quoted(JSON.stringify(body))}`]),
  ].join(" \\\n");
}

/** Within single quotes a shell reads nothing but their end. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
