import type { HoldBackOff } from "./contract.ts";

/** Our default for a held lane, as no vendor gives one: 1 s, doubling up to 5 minutes, ± 20 %. */
export const usualHold: HoldBackOff = { firstMs: 1_000, maxMs: 300_000, jitter: 0.2 };
