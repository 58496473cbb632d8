import { useParams } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { isPortal } from "../place.ts";

interface PageProps {
  readonly title: string;
  /** What the screen is for, in a sentence. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A screen: what it shows, what can be done, and the thing itself. */
export function Page({ title, about, actions, children }: PageProps) {
  const { tenant } = useParams({ strict: false });
  const place = isPortal ? "Webhooks" : tenant === undefined ? "Posthorn" : `${tenant} · Posthorn`;
  useEffect(() => {
    document.title = `${title} · ${place}`;
  }, [title, place]);
  return (
    <div className="mx-auto max-w-6xl px-4 py-5 sm:px-6">
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
          {about !== undefined && <div className="mt-0.5 max-w-4xl text-muted">{about}</div>}
        </div>
        {actions !== undefined && (
          <div data-actions="" className="flex flex-wrap gap-2">
            {actions}
          </div>
        )}
      </div>
      {children}
    </div>
  );
}

export function Loading() {
  return (
    <p role="status" className="pulse px-1 py-6 text-muted">
      Loading…
    </p>
  );
}

/** Nothing is here yet: says what would be, and how it comes. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div data-empty="" className="panel px-5 py-8">
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="mt-2 max-w-2xl space-y-3 text-muted">{children}</div>}
    </div>
  );
}

/** A name, what it is, and whether that is long. */
export type Fact = readonly [name: string, value: ReactNode, isLong?: true];

/** A few facts, each with its name. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-6 gap-y-3">
      {facts.map(([name, value, isLong]) => (
        <div key={name} className={isLong === true ? "min-w-0 sm:col-span-2" : "min-w-0"}>
          <dt className="text-[12px] text-muted">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
