import type { FastifyReply } from "fastify";

// "Requests are limited to the amount specified in X-RateLimit-Limit (per 10 seconds)"; the page on it says
// 30.
export const REQUESTS_MAX = 30;
export const WINDOW_MS = 10_000;

/** Adds what every answer of BSPK's says of its limit. */
export function addRateHeaders(reply: FastifyReply, remaining: number): void {
  reply.headers({ "x-ratelimit-limit": REQUESTS_MAX, "x-ratelimit-remaining": remaining });
}

/**
 * Adds when there is room again, in seconds since 1970. BSPK's page has two names for it, one in a sentence
 * and one in a table: whoever waits for either finds it.
 */
export function addResetHeaders(reply: FastifyReply, resetAt: number): void {
  const seconds = Math.ceil(resetAt / 1000);
  reply.headers({ "x-ratelimit-reset": seconds, "ratelimit-reset": seconds });
}
