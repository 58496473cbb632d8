/** What the tests of the API check of every answer: that it is as the API's description says. */
import assert from "node:assert/strict";
import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { operationAt } from "./operations.ts";

/** In tests alone: the route that has answered. */
export const ROUTE_HEADER = "x-route";

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  readonly text: string;
  readonly body: unknown;
}

function bodiesOf(contentType: string | undefined, { text, body }: Pick<Answered, "text" | "body">) {
  switch (contentType) {
    case "text/event-stream":
      return messagesIn(text);
    case "text/plain":
      return [text];
    default:
      return [body];
  }
}

/** The messages of server-sent events. */
function messagesIn(text: string): readonly unknown[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]): unknown => JSON.parse(data));
}

const compiled = new Map<TSchema, Validator>();

/** Throws where a 2xx is not what the description says of its route. */
export function checkDescribed(method: string, { status, headers, text, body }: Answered): void {
  const path = String(headers[ROUTE_HEADER]);
  const operation = operationAt(method, path);
  if (status >= 300 || operation === undefined) {
    return;
  }
  const { [status]: schema } = operation.answers;
  assert.notEqual(schema, undefined, `${method} ${path} says nothing of ${status}`);
  if (schema === undefined || schema === null) {
    assert.equal(text, "", `${method} ${path} answers nothing`);
    return;
  }
  const check = compiled.get(schema) ?? Compile(schema);
  compiled.set(schema, check);
  const bodies = bodiesOf(operation.contentType, { text, body });
  for (const one of bodies) {
    const wrong = check.Errors(one).slice(0, 3);
    assert.deepEqual(wrong, [], `${method} ${path} answers ${text.slice(0, 500)}`);
  }
}
