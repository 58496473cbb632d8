/** What is looked at. */
export type Check = "configuration" | "store" | "clock" | "disk" | "egress" | "guard" | "secrets";

/** What was seen of one thing. No secret is in it. */
export interface Finding {
  readonly check: Check;
  readonly status: "ok" | "warning" | "problem";
  readonly says: string;
  /** What to do. Null: nothing. */
  readonly fix: string | null;
}

/** Makes the findings of one check. */
export function findingsOf(check: Check) {
  return {
    ok: (says: string): Finding => ({ check, status: "ok", says, fix: null }),
    warning: (says: string, fix: string): Finding => ({ check, status: "warning", says, fix }),
    problem: (says: string, fix: string): Finding => ({ check, status: "problem", says, fix }),
  };
}

/** Returns what an error says. */
export function saidBy(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}
