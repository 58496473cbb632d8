import { shardOf } from "../../server/src/shard.ts";
import type { Store } from "../../server/src/store.ts";
import { TENANT_ID } from "./api-calls.ts";
import { TENURE } from "./logs.ts";

/**
 * The times in which a process delivers for the tests' tenant without a break: what it sends under one is
 * judged by itself, since whatever breaks it off leaves requests of which nobody knows what became.
 */
export interface Tenures {
  /** The process and its tenure, as receivers see it. */
  current(): number;
  /** A tenure is over, if it is the current one. */
  end(tenure: number): void;
  /** A store whose lease begins a tenure whenever it is taken. */
  watch(store: Store): Store;
}

export function createTenures(life: number): Tenures {
  let count = 0;
  const current = () => life + count * TENURE;
  return {
    current,
    end(tenure) {
      count += tenure === current() ? 1 : 0;
    },
    watch: (store) => ({
      ...store,
      async takeLease(lease) {
        const taken = await store.takeLease(lease);
        count += lease === store.leaseOf(shardOf(TENANT_ID)) ? 1 : 0;
        return taken;
      },
    }),
  };
}
