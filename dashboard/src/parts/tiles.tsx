import type { ReactNode } from "react";

export function Tiles({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))]">{children}</dl>
  );
}

interface TileProps {
  readonly name: string;
  /** What is counted. */
  readonly hint: string;
  readonly children: ReactNode;
}

/** A figure that is seen from afar. */
export function Tile({ name, hint, children }: TileProps) {
  return (
    <div className="panel min-w-0 px-4 py-3">
      <dt className="text-[12px] text-muted">{name}</dt>
      <dd className="text-xl font-semibold tracking-tight break-words tabular-nums">{children}</dd>
      <dd className="text-[12px] text-muted">{hint}</dd>
    </div>
  );
}
