/**
 * The rules of the house that no other tool checks: budgets, names, comments, tests, manifests, links, which
 * part may import which, and that the lists of error codes and of mutations keep up with the source.
 * `node scripts/house-rules.ts [folder]` prints what breaks them.
 *
 * A file that reads better when it breaks one says so in itself: `house-rules allow file-length: <why>`.
 */
import { fileURLToPath } from "node:url";
import { MUTATIONS } from "../test/mutation/mutations.ts";
import { checkErrorCodes } from "./house-rules/error-codes.ts";
import { checkFiles } from "./house-rules/file-rules.ts";
import { checkImports } from "./house-rules/import-law.ts";
import { checkMutations } from "./house-rules/mutation-list.ts";
import { checkPackages } from "./house-rules/package-rules.ts";
import { readSources } from "./house-rules/source.ts";
import { checkTexts } from "./house-rules/text-rules.ts";
import { type Finding, readTree, type Tree } from "./house-rules/tree.ts";
import { checkWayOut } from "./house-rules/way-out.ts";

/** Finds everything in a tree that breaks a rule of the house. */
export function checkHouse(tree: Tree): readonly Finding[] {
  const sources = readSources(tree);
  const findings = [
    ...checkFiles(tree, sources),
    ...checkTexts(tree, sources),
    ...checkImports(tree, sources),
    ...checkPackages(tree),
    ...checkWayOut(sources),
    ...checkErrorCodes(tree),
    ...checkMutations(tree, MUTATIONS),
  ];
  return findings.filter(({ rule, path }) => !isAllowed(tree.texts.get(path) ?? "", rule));
}

function isAllowed(text: string, rule: string): boolean {
  return new RegExp(`house-rules allow ${rule}: \\S+ \\S+`).test(text);
}

if (import.meta.main) {
  const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
  const tree = readTree(root);
  const findings = checkHouse(tree);
  for (const { rule, path, line, says } of findings) {
    console.log(`${path}${line === undefined ? "" : `:${line}`}  ${rule}: ${says}`);
  }
  console.log(`${findings.length} broken rules in ${tree.texts.size} files`);
  if (findings.length > 0) process.exitCode = 1;
}
