import type { CommandResult, Engine, LiveDelivery } from "../server/src/engine/engine.ts";
import { Problem } from "../server/src/problem.ts";
import type { EndpointChange, Registry } from "../server/src/registry.ts";
import type { Book } from "./book.ts";
import type { SimClock } from "./clock.ts";
import type { Lives } from "./lives.ts";
import type { Dice } from "./random.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";
import { type KnownEndpoint, SUBSCRIPTIONS, urlOf, type World } from "./world.ts";

/** The people who change endpoints and ask things of deliveries, as the API does it for them. */
export interface Operator {
  act(): Promise<void>;
  resumeAll(): Promise<void>;
  wasCancelled(endpoint: number, serial: number): boolean;
  wasReplayed(endpoint: number, serial: number): boolean;
}

export interface OperatorPorts {
  readonly clock: SimClock;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly world: World;
  readonly registry: Registry;
  readonly book: Book;
  readonly lives: () => Lives;
}

type Command = "retry" | "cancel" | "replay";

const COMMANDS: readonly [Command, ...Command[]] = ["retry", "cancel", "replay"];
const COMMAND_MS_MAX = 60_000;

export function createOperator(ports: OperatorPorts): Operator {
  const { clock, dice, trace, watch, world, registry, book } = ports;
  const cancelled = new Set<string>();
  const replayed = new Set<string>();
  let generation = 0;

  async function change(endpoint: KnownEndpoint, asked: Partial<EndpointChange>): Promise<void> {
    const { number, tenant } = endpoint;
    await registry.updateEndpoint({ ...asked, tenant: tenant.number, endpoint: number, now: clock.now() });
    trace.add(`endpoint ${number} becomes ${JSON.stringify(asked)}`);
  }

  async function note({ tenant }: KnownEndpoint): Promise<void> {
    try {
      await ports.lives().ask((engine) => engine.noteChanges(tenant.shard));
    } catch (error) {
      if (!(error instanceof Problem)) {
        watch.fail("engine_does_not_throw", `noteChanges: ${String(error)}`);
      }
    }
  }

  async function changeOne(endpoint: KnownEndpoint): Promise<void> {
    const { config, host } = endpoint;
    const state = (await registry.findEndpoint(endpoint.tenant.number, endpoint.number))?.versions.at(
      -1,
    )?.state;
    if (state === undefined) {
      return;
    }
    const kind = dice.below(10);
    if (kind < 3) {
      await change(endpoint, { state: state === "paused" ? "enabled" : "paused" });
    } else if (kind < 5) {
      await change(endpoint, { state: state === "disabled" ? "enabled" : "disabled" });
    } else if (kind < 6) {
      await change(endpoint, { state: "disabled" });
      await change(endpoint, { state: "enabled" });
    } else if (kind < 8) {
      generation += 1;
      await change(endpoint, { config: { ...config, url: urlOf(host, generation) } });
    } else if (kind < 9 || dice.chance(0.7)) {
      await change(endpoint, { eventTypes: dice.pick(SUBSCRIPTIONS) ?? "all" });
    } else {
      await change(endpoint, { state: "deleted" });
    }
    await note(endpoint);
  }

  async function command(endpoint: KnownEndpoint): Promise<void> {
    const event = dice.any(book.stored.filter(({ tenant }) => tenant === endpoint.tenant.number));
    const serial = event === undefined ? undefined : book.serialAt(event.offset);
    if (event === undefined || serial === undefined) {
      return;
    }
    const name = dice.pick(COMMANDS);
    const key = `${endpoint.number}/${serial}`;
    if (name !== "retry") {
      (name === "cancel" ? cancelled : replayed).add(key);
    }
    trace.add(`asks to ${name} ${key}`);
    const delivery = { tenant: event.tenant, endpoint: endpoint.number, offset: event.offset };
    const result = await answerTo(name, endpoint.tenant.shard, delivery);
    trace.add(`${name} ${key}: ${result ?? "no answer"}`);
  }

  async function answerTo(
    name: Command,
    shard: number,
    delivery: LiveDelivery,
  ): Promise<CommandResult | undefined> {
    const ask = (engine: Engine) => engine[name](shard, delivery);
    try {
      return await Promise.race([
        ports.lives().ask(ask),
        new Promise<undefined>((resolve) => void clock.after(COMMAND_MS_MAX, () => resolve(undefined))),
      ]);
    } catch (error) {
      const isExpected = error instanceof Problem || String(error).includes("simulated");
      if (!isExpected) {
        watch.fail("engine_does_not_throw", `${name}: ${String(error)}`);
      }
      return undefined;
    }
  }

  return {
    async act() {
      const endpoint = dice.any([...world.endpoints.values()]) as KnownEndpoint;
      if (dice.chance(0.1)) {
        const added = await world.addEndpoint(endpoint.tenant);
        trace.add(`endpoint ${added.number} is new, ${added.contract.name}`);
        await note(added);
      } else if (dice.chance(0.5)) {
        await changeOne(endpoint);
      } else {
        await command(endpoint);
      }
    },
    async resumeAll() {
      for (const endpoint of world.endpoints.values()) {
        const { tenant, number } = endpoint;
        const known = await registry.findEndpoint(tenant.number, number);
        if (known?.versions.at(-1)?.state === "paused") {
          await change(endpoint, { state: "enabled" });
        }
        await note(endpoint);
      }
    },
    wasCancelled: (endpoint, serial) => cancelled.has(`${endpoint}/${serial}`),
    wasReplayed: (endpoint, serial) => replayed.has(`${endpoint}/${serial}`),
  };
}
