import { setTimeout as after } from "node:timers/promises";
import type { Posthorn } from "./posthorn.ts";

/** An endpoint, by the type of event to which it alone subscribes. */
export interface Target {
  readonly tenant: string;
  readonly type: string;
}

export interface TargetsOptions {
  readonly count: number;
  /** In the names of tenants and types. */
  readonly name: string;
  /** Its number is added. */
  readonly url: string;
  /** Whether all are of one tenant, which must be there, or each of one of its own. */
  readonly tenant: string | undefined;
}

export async function createTargets(
  posthorn: Posthorn,
  { count, name, url, tenant }: TargetsOptions,
): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (let number = 0; number < count; number += 1) {
    const target = { tenant: tenant ?? `${name}-${number}`, type: `${name}.${number}` };
    if (tenant === undefined) {
      await posthorn.post("/v1/tenants", { id: target.tenant, name: target.tenant });
    }
    const endpoint = { url: `${url}${number}`, event_types: [target.type] };
    await posthorn.post(`/v1/tenants/${target.tenant}/endpoints`, endpoint);
    targets.push(target);
  }
  return targets;
}

/** As fine as a timer is: what is due between two ticks is late by less. */
const TICK_MS = 1;

/**
 * Posts events at a steady rate, to one target after the other, whatever becomes of those before. Each says
 * when it was meant to be posted, in milliseconds since 1970. Resolves when the last was accepted, with how
 * many there were.
 */
export async function postSteadily(
  posthorn: Posthorn,
  targets: readonly Target[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<number> {
  const startedAt = performance.timeOrigin + performance.now();
  const count = Math.floor(perSecond * seconds);
  const posts: Promise<unknown>[] = [];
  while (posts.length < count) {
    const elapsedMs = performance.timeOrigin + performance.now() - startedAt;
    const due = Math.min(count, Math.floor((elapsedMs * perSecond) / 1000));
    for (let index = posts.length; index < due; index += 1) {
      const target = targets[index % targets.length];
      if (target === undefined) {
        throw new Error("a load needs a target");
      }
      const data = { intended_at: startedAt + (index * 1000) / perSecond };
      posts.push(posthorn.post(`/v1/tenants/${target.tenant}/events`, { type: target.type, data }));
    }
    await after(TICK_MS);
  }
  await Promise.all(posts);
  return count;
}
