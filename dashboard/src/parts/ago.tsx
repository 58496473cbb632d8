import { durationText } from "@posthorn/contracts/duration-text";
import { relativeText } from "../text/times.ts";
import { useNow } from "./now.ts";

/** When something was or will be: as seen from now, and in full where one points. */
export function Ago({ at, never = "never" }: { readonly at: string | null; readonly never?: string }) {
  const now = useNow();
  if (at === null) {
    return <span className="text-muted">{never}</span>;
  }
  return (
    <time
      dateTime={at}
      title={`${new Date(at).toLocaleString()}\n${at}`}
      className="whitespace-nowrap tabular-nums"
    >
      {relativeText(Date.parse(at), now)}
    </time>
  );
}

/** For how long something has been so; when it began in full where one points. */
export function HowLong({ since }: { readonly since: string }) {
  const now = useNow();
  const ms = Math.floor(Math.max(0, now - Date.parse(since)) / 1000) * 1000;
  return (
    <time
      dateTime={since}
      title={`${new Date(since).toLocaleString()}\n${since}`}
      className="whitespace-nowrap tabular-nums"
    >
      {ms === 0 ? "a moment" : durationText(ms)}
    </time>
  );
}
