import type { ReactNode } from "react";
import type { Tone } from "../text/strip.ts";

export const TONES: Readonly<Record<Tone, string>> = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent",
  idle: "bg-raised text-muted",
};

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <span className={`badge ${TONES[tone]}`}>{children}</span>;
}

const STATES: Readonly<Record<string, readonly [Tone, string]>> = {
  pending: ["accent", "•"],
  retrying: ["warn", "↻"],
  delivered: ["good", "✓"],
  rejected: ["bad", "⊘"],
  dead: ["bad", "✗"],
  cancelled: ["idle", "–"],
  expired: ["idle", "–"],
  enabled: ["good", "✓"],
  paused: ["warn", "‖"],
  held: ["warn", "‖"],
  failing: ["warn", "↻"],
  stopped: ["bad", "!"],
  disabled: ["idle", "–"],
  running: ["accent", "▸"],
  finished: ["good", "✓"],
};

/** A state as a sign, a word and a colour: none of them alone. */
export function StateBadge({ state }: { readonly state: string }) {
  const [tone, sign] = STATES[state] ?? ["idle", "·"];
  return (
    <Badge tone={tone}>
      <span aria-hidden="true">{sign}</span>
      {state}
    </Badge>
  );
}
