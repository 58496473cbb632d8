import { durationText } from "@posthorn/contracts/duration-text";
import { useState } from "react";
import { RANGES, type Range, type Step } from "../text/figures.ts";
import { momentText } from "../text/step-times.ts";
import { countText } from "../text/times.ts";

interface FigureTableProps {
  readonly steps: readonly Step[];
  readonly range: Range;
}

/** The numbers behind the charts, for whoever does not see them or wants each. */
export function FigureTable({ steps, range }: FigureTableProps) {
  const [isOpen, setOpen] = useState(false);
  const { resolution } = RANGES[range];
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="text-muted">Every {resolution} as a table</summary>
      {isOpen && (
        <div className="panel mt-2 max-h-96 overflow-auto" tabIndex={0} role="group" aria-label="Table">
          <table className="grid-table tabular-nums">
            <caption className="px-3 pt-2 text-left text-[12px] text-muted">
              Newest first. A {resolution} in which nothing happened is left out.
            </caption>
            <thead>
              <tr>
                {["From", "Accepted", "Delivered", "Rejected or dead", "p50", "p95", "p99"].map((column) => (
                  <th key={column}>{column}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {steps
                .filter(({ accepted, delivered, failed }) => accepted + delivered + failed > 0)
                .toReversed()
                .map((step) => (
                  <Row key={step.at} step={step} range={range} />
                ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

function Row({ step, range }: { readonly step: Step; readonly range: Range }) {
  const { at, isRunning, accepted, delivered, failed, p50, p95, p99 } = step;
  return (
    <tr>
      <td className="whitespace-nowrap">
        {momentText(at, range)}
        {isRunning && <span className="text-muted"> so far</span>}
      </td>
      <td>{countText(accepted)}</td>
      <td>{countText(delivered)}</td>
      <td>{countText(failed)}</td>
      <td>{p50 === null ? "–" : durationText(p50)}</td>
      <td>{p95 === null ? "–" : durationText(p95)}</td>
      <td>{p99 === null ? "–" : durationText(p99)}</td>
    </tr>
  );
}
