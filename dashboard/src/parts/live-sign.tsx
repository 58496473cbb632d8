import { type LiveState, useLiveState } from "../live-state.ts";
import { countText } from "../text/times.ts";

const WORDS: Readonly<Record<LiveState["connection"], string>> = {
  off: "Not live",
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting…",
};

const DOTS: Readonly<Record<LiveState["connection"], string>> = {
  off: "bg-muted",
  connecting: "bg-warn pulse",
  live: "bg-good",
  reconnecting: "bg-warn pulse",
};

/** Whether what is shown follows what happens, and how much was more than can be told. */
export function LiveSign() {
  const { connection, leftOut } = useLiveState();
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 px-1 text-[12px] text-muted">
      <span aria-hidden="true" className={`inline-block size-2 rounded-full ${DOTS[connection]}`} />
      <span role="status">{WORDS[connection]}</span>
      {leftOut > 0 && (
        <span title="More happened than is told one by one. Lists show all of it.">
          sampled: {countText(leftOut)} left out
        </span>
      )}
    </p>
  );
}
