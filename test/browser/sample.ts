/** An installation as one is after an hour of work: what the pictures of the dashboard show. */

import assert from "node:assert/strict";
import { type Client, createClient } from "../../client/client.ts";
import type { NewEvent } from "../../client/operations.ts";
import { bspkSamples, bubblehouseSamples, spektrSamples } from "../../server/src/cli/demo/samples.ts";
import type { FirstStart } from "./first-start.ts";
import { configureSample, type SampleEndpoints, tidySample } from "./sample-configuration.ts";
import type { Answer, Call, SampleReceivers } from "./sample-receivers.ts";

/** Where the pictured things are. */
export interface Sample extends SampleEndpoints {
  /** One that was tried twice, and went to several endpoints. */
  readonly event: string;
  /** Of such an event, which its receiver did not take. */
  readonly refused: string;
  /** Of an import that is over, in the contract of BSPK. */
  readonly imported: string;
  /** Of a batch, whole. */
  readonly attempt: string;
}

export interface SampleOptions {
  readonly server: FirstStart;
  readonly receivers: SampleReceivers;
  readonly minutes: number;
}

const MINUTE_MS = 60_000;
const ORDERS = 240;

/** Which receivers are out of order. */
interface Weather {
  readonly isWarehouseDown: boolean;
  readonly isShopRefusing: boolean;
  readonly isLegacyMended: boolean;
}

/** Fills a server with what came in so many minutes, not all of which went well. */
export async function fillSample({ server, receivers, minutes }: SampleOptions): Promise<Sample> {
  const { client, url } = server;
  const { sender, support, ...endpoints } = await configureSample(client);
  const [shop, people] = [sender, support].map((key) => createClient({ url, key }));
  assert.ok(shop && people);
  const vendors = vendorEvents();
  let weather: Weather = { isWarehouseDown: false, isShopRefusing: false, isLegacyMended: false };
  receivers.answer((call) => answerOf(call, weather));
  for (let minute = 0; minute < minutes; minute += 1) {
    const share = minute / minutes;
    weather = {
      isWarehouseDown: share >= 0.4 && share < 0.55,
      isShopRefusing: share >= 0.8,
      isLegacyMended: false,
    };
    await shop.sendEvents("acme", ordersOf(minute));
    for (const [tenant, events] of vendors) {
      const at = (minute * 2) % events.length;
      await client.sendEvents(tenant, events.slice(at, at + 1 + (minute % 2)));
    }
    await advance(client, MINUTE_MS);
    if (minute === Math.floor(minutes / 2)) {
      await people.pauseEndpoint("acme", endpoints.statistics);
    }
  }
  await tidySample(client, endpoints);
  await advance(client, MINUTE_MS);
  weather = { ...weather, isLegacyMended: true };
  const now = Date.parse((await client.getClock()).now);
  // Shares of all that there was, and of the minute since.
  const spanMs = (minutes + 1) * MINUTE_MS;
  await replay(people, endpoints, (share) => new Date(now - share * spanMs).toISOString());
  await advance(client, 2 * MINUTE_MS);
  return { ...endpoints, ...(await lookUp(client, endpoints)) };
}

function answerOf({ host, body }: Call, weather: Weather): Answer {
  switch (host.split(".")[0]) {
    case "hooks":
      return weather.isWarehouseDown ? { status: 503, body: '{"error":"maintenance"}' } : { status: 202 };
    case "crm":
      return { status: 500, body: '{"error":"the table of contacts is locked"}' };
    case "legacy":
      return weather.isLegacyMended ? { status: 204 } : { status: 404, body: '{"error":"no such path"}' };
    case "shop": {
      const outcome = weather.isShopRefusing ? "failure" : "sent";
      return { status: 200, body: JSON.stringify({ outcome }) };
    }
    case "clients":
      return body.includes('"id":107')
        ? { status: 422, body: '{"error":"unknown client"}' }
        : { status: 200 };
    default:
      return { status: 200, body: '{"received":true}' };
  }
}

/** What a shop's own types say: more of it around the middle of the hour. */
function ordersOf(minute: number): readonly NewEvent[] {
  const count = 2 + Math.round(3 * Math.sin(minute / 9) ** 2) + (minute % 3);
  return Array.from({ length: count }, (_, place) => {
    const number = 4100 + minute * 7 + place;
    const subject = `customer ${1000 + ((number * 37) % ORDERS)}`;
    const total = { currency: "EUR", amount: `${(number * 13) % 400}.${10 + (number % 90)}` };
    const lines = [{ sku: `A-${100 + (number % 60)}`, count: 1 + (number % 3) }];
    switch (place % 3) {
      case 0:
        return { type: "order.created", subject, data: { order: `O-${number}`, total, lines } };
      case 1:
        return {
          type: "invoice.paid",
          subject,
          data: { invoice: `I-${number}`, order: `O-${number}`, total },
        };
      default:
        return {
          type: "customer.updated",
          subject,
          data: { customer: subject, newsletter: number % 2 === 0 },
        };
    }
  });
}

/** The vendors' published events, as if they happened now. */
function vendorEvents(): readonly (readonly [tenant: string, events: readonly NewEvent[]])[] {
  const of = (samples: readonly { readonly event: NewEvent }[]) =>
    samples.map(({ event: { type, subject, data } }) => ({ type, subject, data }));
  return [
    ["atelier-nord", of(bspkSamples())],
    ["northbank", of(spektrSamples())],
    ["corner-coffee", of(bubblehouseSamples())],
  ];
}

/** One replay that is through, one that waits, one that is on its way, slowly enough to be seen. */
async function replay(client: Client, { legacy }: SampleEndpoints, ago: (share: number) => string) {
  const range = (from: number, to: number) =>
    ({ endpoint: legacy, since: ago(from), until: ago(to), only: "dead" }) as const;
  await client.createReplay("acme", { ...range(1, 0.8), types: ["invoice.*"] });
  const waiting = await client.createReplay("acme", { ...range(0.6, 0.3), rate: 0.05 });
  assert.ok("id" in waiting);
  await client.pauseReplay("acme", waiting.id);
  await client.createReplay("acme", { ...range(1, 0.04), rate: 0.2 });
}

/** An event that waits for its receiver, and the attempt that sent a whole batch. */
async function lookUp(client: Client, { crm }: SampleEndpoints) {
  const retrying = (await client.listDeliveries("acme", { endpoint: crm, state: "retrying" }).page()).data;
  const attempts = (await client.listAttempts("northbank").page()).data;
  const [imported] = (await client.listEvents("atelier-nord", { type: "file_import.finished" }).page()).data;
  const whole = attempts.find(({ batch_event_id }) => batch_event_id === null);
  const event = retrying.at(-1)?.event_id;
  assert.ok(event !== undefined && imported !== undefined && whole !== undefined);
  const [refused] = (await client.listAttempts("acme", { event, endpoint: crm }).page()).data;
  assert.ok(refused);
  return { event, refused: refused.id, imported: imported.id, attempt: whole.id };
}

async function advance(client: Client, byMs: number): Promise<void> {
  for (let leftMs = byMs; leftMs > 0; ) {
    leftMs -= (await client.advanceClock({ by_ms: leftMs })).advanced_ms;
  }
}
