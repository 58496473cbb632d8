/** Guards of what callers are told, and of what they must not be. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const NO_SUCH = "server/src/api/no-such.test.ts";

export const TELLING_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    "server/src/api/no-such.ts",
    ["a key put where a tenant belongs is said again", "OPENING.test(id) || ", "", NO_SUCH],
    [
      "whatever stands where an id belongs is said again",
      "ID_REST.test(id.slice(beginning.length))",
      "true",
      NO_SUCH,
    ],
  ),
  ...mutationsOf("server/src/api/subscription-warnings.ts", [
    "what a name is most like is looked for without end",
    "hints > HINTS_MAX || known.length > HINT_NAMES_MAX",
    "false",
    "server/src/api/subscription-warnings.test.ts",
  ]),
  ...mutationsOf("server/src/api/access.ts", [
    "whoever has no key learns which tenants there are",
    "throw notFound();",
    'throw noSuchTenant(pathParameter(request, "tenant"));',
    "server/src/api/routes/jwks.test.ts",
  ]),
];
