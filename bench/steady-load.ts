import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromGenerator, Posted, ToGenerator } from "./generator-protocol.ts";
import { messagesOf } from "./messages.ts";
import type { Posthorn } from "./posthorn.ts";

/** An endpoint, by the type of event to which it alone subscribes. */
export interface Target {
  readonly tenant: string;
  readonly type: string;
}

/** Where events are posted that go straight to a receiver, without a server between. */
export interface Receiver {
  readonly path: string;
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

/** Posts events at a steady rate, in a process of its own. */
export interface Generator {
  /**
   * Posts to one target after the other, whatever becomes of those before. Each event says when it was meant
   * to be posted (`momentMs`). Resolves when the last was accepted.
   */
  post(
    targets: readonly (Target | Receiver)[],
    rate: Pick<ToGenerator, "perSecond" | "seconds">,
  ): Promise<Posted>;
  close(): void;
}

export async function startGenerator({ address }: Pick<Posthorn, "address">): Promise<Generator> {
  const child = fork(fileURLToPath(new URL("generator-process.ts", import.meta.url)));
  const messages = messagesOf<FromGenerator>(child);
  await messages.next("ready");
  return {
    async post(targets, rate) {
      const posted = messages.next("posted");
      const paths = targets.map((target) =>
        "path" in target ? target : { path: `/v1/tenants/${target.tenant}/events`, type: target.type },
      );
      const task: ToGenerator = { ...address, ...rate, targets: paths };
      child.send(task);
      return await posted;
    },
    close: () => child.disconnect(),
  };
}
