import type { OperationalEvents } from "../server/src/operational-events.ts";
import { Problem } from "../server/src/problem.ts";
import type { EndpointChange, Registry } from "../server/src/registry.ts";
import type { SimClock } from "./clock.ts";
import type { Commander } from "./commander.ts";
import type { Erasures } from "./erasures.ts";
import type { Faults } from "./faults.ts";
import type { Lives } from "./lives.ts";
import type { Dice } from "./random.ts";
import type { Replays } from "./replays.ts";
import type { Rotations } from "./rotations.ts";
import type { Trace } from "./trace.ts";
import type { Watch } from "./watch.ts";
import { type KnownEndpoint, SUBSCRIPTIONS, sealedText, urlOf, type World } from "./world.ts";

/** The people who change endpoints, as the API does it for them. */
export interface Operator {
  /** Does something, or lets the commander. */
  act(): Promise<void>;
  /** Resumes what is paused, and tells the engine in charge of every change. */
  resumeAll(): Promise<void>;
  /** Saves every endpoint as it is: a lane that a fault stopped goes on. */
  saveAll(): Promise<void>;
}

export interface OperatorPorts {
  readonly clock: SimClock;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly watch: Watch;
  readonly world: World;
  readonly registry: Registry;
  readonly operational: OperationalEvents;
  readonly faults: Faults;
  readonly commander: Commander;
  readonly erasures: Erasures;
  readonly replays: Replays;
  readonly rotations: Rotations;
  readonly lives: () => Lives;
}

const BY_REQUEST = "by_request";

export function createOperator(ports: OperatorPorts): Operator {
  const { clock, dice, trace, watch, world, registry } = ports;
  let generation = 0;

  async function change(endpoint: KnownEndpoint, asked: Partial<EndpointChange>): Promise<void> {
    const { number, tenant } = endpoint;
    const place = { tenant: tenant.number, endpoint: number };
    const stored = await registry.findEndpoint(place.tenant, place.endpoint);
    const told = { reason: BY_REQUEST, failingSince: undefined };
    const disabling = stored && {
      reason: told.reason,
      raises: ports.operational.endpointDisabled({ tenant, endpoint: stored }, told),
    };
    const more = asked.state === "disabled" ? disabling : undefined;
    await registry.updateEndpoint({ ...asked, ...more, ...place, now: clock.now() });
    trace.add(`endpoint ${number} becomes ${JSON.stringify(asked)}`);
  }

  async function rotate({ number, tenant, contract, config }: KnownEndpoint): Promise<void> {
    const stored = await registry.findEndpoint(tenant.number, number);
    const newest = stored?.secrets[0];
    const secret = contract.makeSecret((count) => dice.bytes(count), config.settings, newest);
    if (secret === undefined) {
      return;
    }
    const rotated = await registry.rotateSecret({
      tenant: tenant.number,
      endpoint: number,
      sealed: sealedText(secret),
      publicKey: undefined,
      overlapMs: dice.pick([0, 0, 2000, 60_000, 3_600_000]),
      now: clock.now(),
    });
    if (typeof rotated === "object") {
      ports.rotations.note(rotated);
      trace.add(`endpoint ${number} has another secret, and ${rotated.secrets.length} of them`);
    }
  }

  async function note({ tenant }: KnownEndpoint): Promise<void> {
    if (!ports.faults.isHealed && dice.chance(0.1)) {
      // The process that changed it went away before it said so.
      return;
    }
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
    const kind = dice.below(24);
    if (kind < 5) {
      await change(endpoint, { state: state === "paused" ? "enabled" : "paused" });
    } else if (kind < 11) {
      await change(endpoint, { state: state === "disabled" ? "enabled" : "disabled" });
    } else if (kind < 14) {
      await change(endpoint, { state: "disabled" });
      await change(endpoint, { state: "enabled" });
    } else if (kind < 16) {
      generation += 1;
      await change(endpoint, { config: { ...config, url: urlOf(host, generation) } });
    } else if (kind < 19) {
      await change(endpoint, { eventTypes: dice.pick(SUBSCRIPTIONS) ?? "all" });
    } else if (kind < 23) {
      await rotate(endpoint);
    } else {
      await change(endpoint, { state: "deleted" });
    }
    await note(endpoint);
  }

  async function endTenant(endpoint: KnownEndpoint): Promise<void> {
    const { tenant } = endpoint;
    world.ended.add(tenant);
    await registry.deleteTenant(tenant.number, clock.now());
    trace.add(`tenant ${tenant.number} is deleted`);
    await note(endpoint);
    await ports.erasures.end(tenant);
  }

  return {
    async act() {
      const endpoint = dice.pick([...world.endpoints.values()]);
      if (dice.chance(0.02) && endpoint.tenant !== world.operator) {
        await endTenant(endpoint);
      } else if (dice.chance(0.1) && !world.ended.has(endpoint.tenant)) {
        const added = await world.addEndpoint(endpoint.tenant);
        trace.add(`endpoint ${added.number} is new, ${added.contract.name}`);
        await note(added);
      } else if (dice.chance(0.08)) {
        await ports.erasures.ask(endpoint.tenant);
      } else if (dice.chance(0.09)) {
        await ports.commander.skip(endpoint);
      } else if (dice.chance(0.15)) {
        await ports.replays.act(endpoint);
      } else if (dice.chance(0.5)) {
        await changeOne(endpoint);
      } else {
        await ports.commander.command(endpoint);
      }
    },
    async saveAll() {
      for (const endpoint of world.endpoints.values()) {
        const { tenant, number } = endpoint;
        const known = await registry.findEndpoint(tenant.number, number);
        if (known !== undefined) {
          await change(endpoint, { config: known.config });
          await note(endpoint);
        }
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
  };
}
