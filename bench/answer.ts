/** One row of what the benchmark prints: a ratio of two figures of one run, and what it should be. */
export interface Answer {
  readonly question: string;
  readonly goal: Goal;
  readonly ratio: number;
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** What one part of the benchmark came to. */
export interface Report {
  readonly answers: readonly Answer[];
  /** Of this machine and this run, to compare with nothing else: what each is, with its unit, by name. */
  readonly figures: Readonly<Record<string, number>>;
  /** Why nothing was measured, where nothing was. */
  readonly skipped?: string;
}

function isMet({ goal, ratio }: Answer): boolean {
  return "atMost" in goal ? ratio <= goal.atMost : ratio >= goal.atLeast;
}

/** Returns the lines of a table. */
export function reportLines({ answers, figures, skipped }: Report): readonly string[] {
  if (skipped !== undefined) {
    return [`skipped: ${skipped}`];
  }
  return [
    ...Object.entries(figures).map(([name, figure]) => `${rounded(figure).padStart(10)}  ${name}`),
    ...answers.map((answer) => {
      const { goal, question, ratio } = answer;
      const wanted = "atMost" in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
      const verdict = isMet(answer) ? "" : "MISS";
      return `${rounded(ratio).padStart(10)}  ${wanted.padEnd(7)}${verdict.padEnd(6)}${question}`;
    }),
  ];
}

function rounded(figure: number): string {
  return figure >= 1000 ? figure.toFixed(0) : figure >= 100 ? figure.toFixed(1) : figure.toFixed(2);
}
