import { type Finding, isTest, type Tree } from "./tree.ts";

const PAGE = "docs/reference/error-codes.md";

/** Objects whose members' names are codes. */
const CATALOGUES = ["server/src/problem.ts", "server/src/outbound/error-codes.ts"];

/** Where reasons of deliveries, lanes and endpoints come from; a receiving half has its own. */
const SOURCE = /^(?:contracts\/|server\/src\/(?:engine|model|api)\/|server\/src\/checked-contract\.ts$)/;
/** Where codes come from in other ways: those of the client's own stand in it. */
const NAMING = new RegExp(`^client/|${SOURCE.source}`);
const RECEIVING = /(?:^|\/)(?:receive|web-[a-z0-9-]+|timestamp-freshness)\.ts$/;

// It stands for any code behind the word: a reason of a handshake's own must have a row of its own.
const ANY_HANDSHAKE = "handshake_{code}";

/** Sees that the page has every code that the source gives, and none that it no longer knows. */
export function checkErrorCodes(tree: Tree): readonly Finding[] {
  const page = tree.texts.get(PAGE);
  if (page === undefined) return [];
  const documented = rowsOf(page).map(({ code }) => code);
  const given = [...tree.texts].flatMap(([path, text]) =>
    codesIn(path, text).map((code) => ({ code, path })),
  );
  return [
    ...given
      .filter(({ code }) => !documented.some((one) => fits(code, one)))
      .map(({ code, path }) => ({ rule: "error-codes", path, says: `${PAGE} must have a row for ${code}` })),
    ...documented
      .filter((one) => one !== ANY_HANDSHAKE && !given.some(({ code }) => fits(code, one)))
      .filter((one) => !isNamed(tree, one))
      .map((one) => ({ rule: "error-codes", path: PAGE, says: `nothing gives the code ${one} any more` })),
  ];
}

/** A code, or a pattern such as `status_{number}`, and the other cells of its row. */
interface CodeRow {
  readonly code: string;
  readonly cells: readonly string[];
}

/** Reads the rows of the page's tables; a row with several codes is one for each. */
export function rowsOf(page: string): readonly CodeRow[] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => {
      const [first = "", ...cells] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [...first.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => ({ code, cells }));
    });
}

function codesIn(path: string, text: string): readonly string[] {
  if (CATALOGUES.includes(path)) return [...text.matchAll(/^ {2}([a-z]+(?:_[a-z]+)*): \{/gm)].map(firstOf);
  if (!SOURCE.test(path) || RECEIVING.test(path) || isTest(path) || path.endsWith("-fixture.ts")) return [];
  // What a handshake is refused for is shown behind this word.
  const prefix = text.includes('kind: "refused"') ? "handshake_" : "";
  return reasonsIn(text).map((code) => prefix + code);
}

/** Codes that a text gives as a reason, with x for what it puts into a template. */
function reasonsIn(text: string): readonly string[] {
  const given = /\b(?:reason:|reason =|fault:|attention =)(.*)/g;
  const code = /["`]([a-z][a-z0-9_]*(?:\$\{[^}]+\}\w*)?)["`]/g;
  return [...text.replaceAll(/[!=]== "\w+"/g, "").matchAll(given)]
    .flatMap((match) => [...firstOf(match).matchAll(code)].map(firstOf))
    .map((found) => found.replaceAll(/\$\{[^}]+\}/g, "x"));
}

/** Codes that come by another way, such as a receiver's own word, stand somewhere as a text. */
function isNamed(tree: Tree, documented: string): boolean {
  const beginning = documented.replace(/\{.*/, "");
  return [...tree.texts].some(
    ([path, text]) => NAMING.test(path) && !isTest(path) && text.includes(beginning),
  );
}

function fits(code: string, documented: string): boolean {
  if (documented === ANY_HANDSHAKE) return false;
  return new RegExp(`^${documented.replaceAll(/\{\w+\}/g, "\\w+")}$`).test(code);
}

function firstOf([, first = ""]: readonly string[]): string {
  return first;
}
