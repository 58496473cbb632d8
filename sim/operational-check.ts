import { LIVE } from "../server/src/model/delivery.ts";
import type { Endpoint, EndpointVersion } from "../server/src/model/endpoint.ts";
import type { Ids } from "../server/src/model/ids.ts";
import type { MemoryStore } from "../server/src/stores/memory.ts";
import type { Book } from "./book.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

export interface OperationalCheckPorts {
  readonly store: MemoryStore;
  readonly book: Book;
  readonly ids: Ids;
  readonly world: World;
  readonly watch: Watch;
}

/**
 * Checks at the end that the operator was told of every disabling and every dead letter, once each, and of no
 * other: not of what happened to endpoints of the operator's own. Of holds it is checked as they come and go.
 */
export async function checkOperational(ports: OperationalCheckPorts): Promise<void> {
  const { store, book, ids, world, watch } = ports;
  const told = book.stored
    .filter(({ tenant, type }) => tenant === world.operator.number && TOLD_ALWAYS.includes(type))
    .map(({ type, data }) => textOf(type, JSON.parse(new TextDecoder().decode(data))));
  const isOfForgotten = (text: string): boolean =>
    book.isForgotten(ids.eventPlaceOf(text.split(" ").at(-1) ?? "")?.offset ?? 0);
  const expected: string[] = [];
  for (const { number, tenant } of world.endpoints.values()) {
    const endpoint = tenant === world.operator ? undefined : await store.readEndpoint(number);
    if (endpoint === undefined) {
      continue;
    }
    const about = ids.endpoint(number);
    for (const { reason } of disablingsOf(endpoint)) {
      expected.push(`endpoint.disabled ${about} ${reason}`);
    }
    const offsets = book.stored.map(({ offset }) => offset);
    const { deadLetters } = await store.readFacts({ tenant: tenant.number, offsets, endpoint: number });
    for (const { offset } of deadLetters.filter(({ cursor }) => cursor === LIVE)) {
      expected.push(`delivery.dead ${about} ${ids.event({ shard: tenant.shard, offset })}`);
    }
  }
  const isKept = (text: string): boolean => !isOfForgotten(text);
  const difference = differenceOf(told.flat().filter(isKept), expected.filter(isKept));
  if (difference !== undefined) {
    watch.fail("operator_is_told", difference);
  }
}

const TOLD_ALWAYS = ["endpoint.disabled", "delivery.dead"];

function textOf(type: string, data: { endpoint_id: string; reason: string; event_ids?: string[] }): string[] {
  return (data.event_ids ?? [data.reason]).map((what) => `${type} ${data.endpoint_id} ${what}`);
}

function disablingsOf({ versions }: Endpoint): readonly EndpointVersion[] {
  return versions.filter(
    ({ state }, index) => state === "disabled" && versions[index - 1]?.state !== "disabled",
  );
}

function differenceOf(told: readonly string[], expected: readonly string[]): string | undefined {
  const rest = [...told];
  for (const text of expected) {
    const place = rest.indexOf(text);
    if (place === -1) {
      return `the operator was never told: ${text}`;
    }
    rest.splice(place, 1);
  }
  return rest.length === 0 ? undefined : `the operator was told what is not so: ${rest[0]}`;
}
