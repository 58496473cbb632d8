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
