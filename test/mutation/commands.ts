/** Guards of the command line. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const NPM_END = "server/src/cli/npm-end.test.ts";

export const COMMAND_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    "server/src/cli/npm-end.ts",
    [
      "a server stays when the npm that started it has another process's number",
      " || now.startedAt !== found.startedAt",
      "",
      NPM_END,
    ],
    ["a server stays when nobody has looked how npm ended", "now.isEnded || ", "", NPM_END],
  ),
  ...mutationsOf("server/src/cli/start.ts", [
    "a server stays when the npx that started it is killed",
    "  whenNpmEnds(() => {",
    "  void (() => {",
    "test/e2e/npm-end.test.ts",
  ]),
];
