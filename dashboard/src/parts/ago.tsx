import { durationText } from "@posthorn/contracts/duration-text";
import { dueText, relativeText } from "../text/times.ts";
import { useNow } from "./now.ts";

/** When something was or will be: as seen from now, and in full where one points. */
export function Ago({ at, never = "never" }: { readonly at: string | null; readonly never?: string }) {
  const now = useNow();
  if (at === null) {
    return <span className="text-muted">{never}</span>;
  }
  return <Moment at={at}>{relativeText(Date.parse(at), now)}</Moment>;
}

/** When something is to come; in full where one points. */
export function Due({ at }: { readonly at: string }) {
  const now = useNow();
  return <Moment at={at}>{dueText(Date.parse(at), now)}</Moment>;
}

/** For how long something has been so; when it began in full where one points. */
export function HowLong({ since }: { readonly since: string }) {
  const now = useNow();
  const ms = Math.floor(Math.max(0, now - Date.parse(since)) / 1000) * 1000;
  return <Moment at={since}>{ms === 0 ? "a moment" : durationText(ms)}</Moment>;
}

function Moment({ at, children }: { readonly at: string; readonly children: string }) {
  return (
    <time
      dateTime={at}
      title={`${new Date(at).toLocaleString()}\n${at}`}
      className="whitespace-nowrap tabular-nums"
    >
      {children}
    </time>
  );
}
