import type { Page } from "@posthorn/client/call";
import { type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isLong } from "../live.ts";
import { readFurther } from "../read-further.ts";
import { Failure } from "./failure.tsx";
import { Empty, Loading } from "./page.tsx";

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly query: UseInfiniteQueryResult;
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
  return { items: itemsOf(query.data), query };
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
export function List<Item>({ list: { items, query }, empty, children }: ListProps<Item>) {
  if (query.isPending) {
    return <Loading />;
  }
  if (query.isError && items.length === 0) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {items.length > 0 ? children(items) : query.hasNextPage ? NOT_YET : empty}
      {query.hasNextPage && (
        <button
          type="button"
          className="button mt-3"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? "Loading…" : items.length > 0 ? "Show more" : "Look further"}
        </button>
      )}
    </>
  );
}
