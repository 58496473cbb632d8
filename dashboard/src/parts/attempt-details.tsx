import type { Attempt } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { Link } from "@tanstack/react-router";
import { diagnosisOf, outcomeText, toneOfAttempt } from "../text/strip.ts";
import { Ago } from "./ago.tsx";
import { Badge } from "./badge.tsx";
import { Facts } from "./page.tsx";

/** One request: what was answered, how long each part took, and what it means. */
export function AttemptDetails({ tenant, attempt }: { readonly tenant: string; readonly attempt: Attempt }) {
  const { answer, payload_hash, connected_ms, headers_ms, duration_ms } = attempt;
  return (
    <details className="rounded-md border border-line">
      <summary className="flex flex-wrap items-center gap-3 px-3 py-1.5">
        <Badge tone={toneOfAttempt(attempt)}>{outcomeText(attempt)}</Badge>
        <span>{attempt.is_replay ? "replay" : `attempt ${attempt.number}`}</span>
        <span className="text-muted tabular-nums">{durationText(duration_ms)}</span>
        <span className="ml-auto text-muted">
          <Ago at={attempt.started_at} />
        </span>
      </summary>
      <div className="space-y-3 border-t border-line p-3">
        <p>{diagnosisOf(attempt)}</p>
        <Link to="/t/$tenant/attempts/$attempt" params={{ tenant, attempt: attempt.id }} className="link">
          The request as it was sent, and its timing
        </Link>
        <Facts
          facts={[
            ["Verdict", attempt.verdict],
            ["Status", attempt.status ?? "no answer"],
            ["Code", attempt.error === null ? "none" : <code>{attempt.error}</code>],
            ["Connected after", connected_ms === null ? "not" : durationText(connected_ms)],
            ["Headers after", headers_ms === null ? "never" : durationText(headers_ms)],
            ["Ended after", durationText(duration_ms)],
          ]}
        />
        <div>
          <p className="mb-1 text-[12px] text-muted">The answer begins with</p>
          <pre tabIndex={0} aria-label="answer" className="bytes max-h-60 rounded bg-raised p-2">
            {answer === null || answer === "" ? "nothing" : answer}
          </pre>
        </div>
        {payload_hash !== null && (
          <p className="text-[12px] break-all text-muted">
            SHA-256 of the payload <code>{payload_hash}</code>
          </p>
        )}
      </div>
    </details>
  );
}
