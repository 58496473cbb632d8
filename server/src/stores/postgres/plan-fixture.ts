import type { Session, Value } from "./database.ts";

/** A node of a plan, as EXPLAIN tells it: "Actual Rows" and what was removed are means of its loops. */
interface Node {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly Plans?: readonly Node[];
}

/** Runs a statement, and counts the rows of tables that it has looked at, and pairs of rows in vain. */
export async function countRows(
  session: Session,
  statement: string,
  ...values: readonly Value[]
): Promise<number> {
  const [row] = await session.rows(`EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`, ...values);
  const explained = row?.["QUERY PLAN"];
  if (!isExplained(explained)) {
    throw new Error("EXPLAIN answers with a plan");
  }
  return rowsRead(explained[0].Plan);
}

function isExplained(value: unknown): value is readonly [{ readonly Plan: Node }] {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "object" && first !== null && "Plan" in first;
}

function rowsRead(node: Node): number {
  const each =
    (node["Relation Name"] === undefined ? 0 : node["Actual Rows"]) +
    (node["Rows Removed by Filter"] ?? 0) +
    (node["Rows Removed by Index Recheck"] ?? 0) +
    (node["Rows Removed by Join Filter"] ?? 0);
  return (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), each * node["Actual Loops"]);
}
