import type { Attempt } from "@posthorn/client/operations";
import { durationText } from "@posthorn/contracts/duration-text";
import { phasesOf } from "../text/phases.ts";

/** How long each part of a request took, one below the other on one scale. */
export function Waterfall({ attempt }: { readonly attempt: Attempt }) {
  const whole = Math.max(1, attempt.duration_ms);
  return (
    <table className="w-full" aria-label="How long each part took">
      <thead className="sr-only">
        <tr>
          <th>Part</th>
          <th>From and to</th>
          <th>How long</th>
        </tr>
      </thead>
      <tbody>
        {phasesOf(attempt).map(({ name, fromMs, toMs, isBroken }) => (
          <tr key={name}>
            <td className="w-28 py-1 pr-3 sm:w-44">{name}</td>
            <td className="py-1">
              <span className="sr-only">
                {durationText(fromMs)} to {durationText(toMs)}
              </span>
              <svg aria-hidden="true" className="block h-3 w-full overflow-visible">
                <rect width="100%" height="100%" rx="3" className="fill-raised" />
                <rect
                  x={`${(fromMs / whole) * 100}%`}
                  width={`${Math.max(0.5, ((toMs - fromMs) / whole) * 100)}%`}
                  height="100%"
                  rx="3"
                  className={isBroken ? "fill-bad" : "fill-accent"}
                />
              </svg>
            </td>
            <td className="w-24 py-1 pl-3 text-right tabular-nums">
              {durationText(toMs - fromMs)}
              {isBroken && <span className="block text-[12px] text-bad">came to nothing</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
