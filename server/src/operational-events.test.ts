import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { operationalEventTypes } from "@posthorn/contracts/operational/event-types";
import { operationalSchemas } from "@posthorn/contracts/operational/schemas";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { endpointOf, TENANT } from "./engine/engine-fixture.ts";
import type { Endpoint } from "./model/endpoint.ts";
import type { RaisedEvent } from "./model/event.ts";
import { createIds } from "./model/ids.ts";
import { createOperationalEvents } from "./operational-events.ts";

const OPERATOR = { ...TENANT, number: 9, id: "posthorn" };
const URL_WITH_SECRETS = "https://user:canary@receiver.example:8443/canary?key=canary#canary";

function setup(tenant = TENANT) {
  const ids = createIds(new Uint8Array(16));
  const plain = endpointOf();
  const endpoint: Endpoint = { ...plain, config: { ...plain.config, url: URL_WITH_SECRETS } };
  const events = createOperationalEvents({ operator: OPERATOR, ids });
  const concerned = { tenant, endpoint };
  return {
    ids,
    endpointId: ids.endpoint(endpoint.number),
    disabled: (reason = "status_410", failingSince?: number) =>
      events.endpointDisabled(concerned, { reason, failingSince }),
    held: (nextProbeAt?: number) =>
      events.endpointHeld(concerned, {
        reason: "status_503",
        since: Date.UTC(2026, 0, 2),
        needsAttention: false,
        nextProbeAt,
      }),
    recovered: () => events.endpointRecovered(concerned, { since: Date.UTC(2026, 0, 2) }),
    dead: (...offsets: number[]) =>
      events.deliveryDead(concerned, { reason: "status_500", attempts: 4, offsets }),
  };
}

function dataOf(raised: RaisedEvent | undefined) {
  assert.ok(raised);
  return JSON.parse(new TextDecoder().decode(raised.event.data));
}

describe("createOperationalEvents()", () => {
  test("endpointDisabled() tells whose endpoint was disabled, why, and since when it failed", () => {
    const { disabled, endpointId } = setup();
    const raised = disabled("failing_for_too_long", Date.UTC(2026, 0, 2));
    assert.deepEqual(dataOf(raised), {
      tenant_id: "ten_1",
      endpoint_id: endpointId,
      contract: "each",
      url_host: "receiver.example:8443",
      reason: "failing_for_too_long",
      failing_since: "2026-01-02T00:00:00.000Z",
    });
    assert.deepEqual(
      [raised?.tenant, raised?.event.type, raised?.event.subject],
      [OPERATOR.number, "endpoint.disabled", endpointId],
    );
    assert.equal(dataOf(disabled()).failing_since, null);
  });

  test("deliveryDead() tells of every event of a batch, under a key that is the same the next time", () => {
    const { dead, ids } = setup();
    const { event_ids, attempts } = dataOf(dead(70, 80));
    assert.deepEqual(
      event_ids,
      [70, 80].map((offset) => ids.event({ shard: 0, offset })),
    );
    assert.equal(attempts, 4);
    assert.equal(dead(70, 80)?.key, dead(70, 80)?.key);
    assert.notEqual(dead(70)?.key, dead(80)?.key);
  });

  test("endpointHeld() and endpointRecovered() tell of one hold, each under a key of its own", () => {
    const { held, recovered } = setup();
    const { reason, held_since, needs_attention, next_probe_at } = dataOf(held(Date.UTC(2026, 0, 3)));
    assert.deepEqual(
      [reason, held_since, needs_attention, next_probe_at],
      ["status_503", "2026-01-02T00:00:00.000Z", false, "2026-01-03T00:00:00.000Z"],
    );
    assert.equal(dataOf(held()).next_probe_at, null);
    assert.equal(dataOf(recovered()).held_since, held_since);
    assert.equal(held()?.key, held()?.key);
    assert.notEqual(held()?.key, recovered()?.key);
  });

  test("nothing is told of the operator's own endpoints, so that no event begets another", () => {
    const { disabled, held, recovered, dead } = setup(OPERATOR);
    assert.deepEqual([disabled(), held(), recovered(), dead(70)], Array(4).fill(undefined));
  });

  test("no event holds more of a URL than its host (invariant 12)", () => {
    const { disabled, held, recovered, dead } = setup();
    for (const raised of [disabled(), held(), recovered(), dead(70)]) {
      assert.doesNotMatch(JSON.stringify(raised) + JSON.stringify(dataOf(raised)), /canary|user/);
    }
  });

  test("every event has a type of the catalogue, and fits that type's schema", () => {
    const { disabled, held, recovered, dead } = setup();
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const raised = [disabled("by_request"), held(), recovered(), dead(70)];
    const types = raised.map((one) => one?.event.type);
    assert.deepEqual(
      types,
      operationalEventTypes.map(({ name }) => name),
    );
    assert.deepEqual(types, Object.keys(operationalSchemas));
    for (const [index, schema] of Object.values(operationalSchemas).entries()) {
      assert.equal(ajv.validate(schema, dataOf(raised[index])), true, ajv.errorsText());
    }
  });
});
