/** Guards of reading gaps: what one endpoint asks for costs nothing for those of others. */
import { type Mutation, mutationsOf } from "./mutation.ts";

const SQLITE = "server/src/stores/sqlite";
const POSTGRES = "server/src/stores/postgres";

export const GAP_MUTATIONS: readonly Mutation[] = [
  ...mutationsOf(
    `${SQLITE}/queries/gaps.ts`,
    [
      "reading one endpoint's gaps looks at everybody's wide ones (SQLite)",
      "INDEXED BY gap_of_many_of_endpoint",
      "INDEXED BY gap_of_many",
      `${SQLITE}/gaps.test.ts`,
    ],
    [
      "reading one endpoint's gaps looks at everybody's (SQLite)",
      "FROM gap NOT INDEXED",
      "FROM gap INDEXED BY gap_of_one",
      `${SQLITE}/gaps.test.ts`,
    ],
  ),
  ...mutationsOf(`${POSTGRES}/queries/gaps.ts`, [
    "reading one endpoint's gaps looks at everybody's (PostgreSQL)",
    "    AND from_offset BETWEEN $2 AND $3\n    AND from_offset = to_offset",
    "    AND to_offset BETWEEN $2 AND $3\n    AND from_offset = to_offset",
    `${POSTGRES}/gaps.test.ts`,
  ]),
];
