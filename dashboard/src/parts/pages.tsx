import type { Page } from "@posthorn/client/call";
import { type UseInfiniteQueryResult, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isLong } from "../live.ts";
import { readFurther } from "../read-further.ts";
import { Failure, ReadFailure } from "./failure.tsx";
import { Empty, Loading } from "./page.tsx";

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly query: UseInfiniteQueryResult;
  /** Reads the newest again, and nothing else: of a list that went on so far that it stands still. */
  readonly startAnew: () => void;
}

/** A list of the API, page after page; what was read is read again now and then. */
export function useList<Item>(
  key: readonly unknown[],
  readPage: (cursor: string | undefined) => Promise<Page<Item>>,
  everyMs: number | ((items: readonly Item[]) => number),
): Listed<Item> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam }) => await readFurther(readPage, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      isLong(data) ? false : typeof everyMs === "number" ? everyMs : everyMs(itemsOf(data)),
  });
  const queries = useQueryClient();
  const startAnew = () => {
    scrollTo(0, 0);
    void queries.resetQueries({ queryKey: key, exact: true });
  };
  return { items: itemsOf(query.data), query, startAnew };
}

function itemsOf<Item>(data: { readonly pages: readonly Page<Item>[] } | undefined): readonly Item[] {
  return data?.pages.flatMap((page) => page.data) ?? [];
}

interface ListProps<Item> {
  readonly list: Listed<Item>;
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

const NOT_YET = (
  <Empty title="None among the newest.">
    <p>The older ones were not looked at yet.</p>
  </Empty>
);

/** Shows a list, or why there is nothing to show. */
export function List<Item>({ list: { items, query, startAnew }, empty, children }: ListProps<Item>) {
  if (query.isPending) {
    return <Loading />;
  }
  if (query.isError && query.data === undefined) {
    return <ReadFailure query={query} />;
  }
  return (
    <>
      {!query.isFetchNextPageError && <ReadFailure query={query} />}
      {items.length > 0 ? children(items) : query.hasNextPage ? NOT_YET : empty}
      {query.isFetchNextPageError && (
        <Failure error={query.error} onRetry={() => void query.fetchNextPage()} />
      )}
      {query.hasNextPage && !query.isFetchNextPageError && (
        <button
          type="button"
          className="button mt-3"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? "Loading…" : items.length > 0 ? "Show more" : "Look further"}
        </button>
      )}
      {isLong(query.data) && <StandsStill onLeave={startAnew} />}
    </>
  );
}

/** Whoever reads on does so in peace, and is told what that means; nothing moves for it. */
function StandsStill({ onLeave }: { readonly onLeave: () => void }) {
  return (
    <div className="pointer-events-none sticky bottom-3 mt-3 flex justify-center">
      <p className="panel pointer-events-auto flex items-center gap-3 px-3 py-1.5 shadow-lg">
        While you read on, nothing new comes into the list.
        <button type="button" className="button button-small" onClick={onLeave}>
          Show the newest
        </button>
      </p>
    </div>
  );
}
