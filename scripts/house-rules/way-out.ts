import type { Source } from "./source.ts";
import { type Finding, isTest, lineAt } from "./tree.ts";

/** Modules that open connections, or look names up. */
const NETWORK = /^(?:node:(?:net|tls|http|https|http2|dgram|dns)(?:\/\w+)?|undici)$/;

/** A type opens nothing, and neither does reading an address. */
const HARMLESS = /^\s*(?:import|export) (?:type |\{ isIP(?:v4|v6)? \} )/;

/** What the runtime opens connections with although nothing is imported. */
const AMBIENT = /(?<![.\w])(?:fetch|new WebSocket|new EventSource)\(/g;

/** The server and what it is made of; its commands talk to a server's API, as anybody may. */
const SERVER = /^server\/src\/(?!outbound\/|cli\/|cli\.ts$)/;

/**
 * Sees that there is one way out (invariant 8): what opens a connection elsewhere goes past the address
 * guard, however harmless it looks.
 */
export function checkWayOut(sources: readonly Source[]): readonly Finding[] {
  return sources
    .filter(({ path }) => SERVER.test(path) && !isTest(path))
    .flatMap((source) => [...importsOf(source), ...callsOf(source)]);
}

function importsOf({ path, text, imports }: Source): readonly Finding[] {
  const lines = text.split("\n");
  return imports
    .filter(({ specifier = "", line }) => {
      return NETWORK.test(specifier) && !HARMLESS.test(lines[line - 1] ?? "");
    })
    .map(({ specifier = "", line }) => finding(path, line, specifier));
}

function callsOf({ path, code }: Source): readonly Finding[] {
  return [...code.matchAll(AMBIENT)].map((match) =>
    finding(path, lineAt(code, match.index), match[0].slice(0, -1)),
  );
}

function finding(path: string, line: number, what: string): Finding {
  const says = `requests leave through server/src/outbound alone, where addresses are judged; got ${what}`;
  return { rule: "way-out", path, line, says };
}
