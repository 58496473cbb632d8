import type { Answer } from "../contract.ts";

/** What a hook answered: the members of its output, or a stable code that says why there is none. */
export type HookOutput =
  | { readonly kind: "output"; readonly members: Readonly<Record<string, unknown>> }
  | { readonly kind: "none"; readonly reason: string };

const utf8 = new TextDecoder();

/** Reads the output of a hook that must answer with one. What is JSON and no object has no members. */
export function hookOutput(answer: Answer): HookOutput {
  if (answer.kind !== "status") {
    return { kind: "none", reason: answer.code };
  }
  const { status, body, bodyState } = answer;
  // 204 is accepted of hooks that answer nothing: it has no room for an output.
  if (status !== 200 && status !== 201 && status !== 202) {
    return { kind: "none", reason: `status_${status}` };
  }
  if (bodyState !== "whole") {
    return { kind: "none", reason: `body_${bodyState}` };
  }
  const output = jsonIn(body);
  return output === undefined
    ? { kind: "none", reason: "body_not_json" }
    : { kind: "output", members: isObject(output) ? output : {} };
}

/** The JSON value of a body; undefined, which no JSON value is, where there is none. */
function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
