import { applied, type Mutation } from "../../test/mutation/mutation.ts";
import type { Finding, Tree } from "./tree.ts";

const LIST = "test/mutation/mutations.ts";

/** Sees that every guard that is taken out to see a test fail can still be taken out, and has its tests. */
export function checkMutations(tree: Tree, mutations: readonly Mutation[]): readonly Finding[] {
  if (!tree.paths.has(LIST)) return [];
  return mutations.flatMap(({ name, edits, tests }) => [
    ...edits.flatMap((edit) => faultOf(() => applied(tree.texts.get(edit.file) ?? "", edit), name)),
    ...tests
      .filter((path) => !tree.paths.has(path))
      .map((path) => finding(`${path} must be there, for "${name}"`)),
  ]);
}

function faultOf(apply: () => string, name: string): readonly Finding[] {
  try {
    apply();
    return [];
  } catch (error) {
    return [finding(`${error instanceof Error ? error.message : String(error)}, for "${name}"`)];
  }
}

function finding(says: string): Finding {
  return { rule: "mutation", path: LIST, says };
}
