import type { Offset } from "./offset.ts";
import { type Block, createPermutation } from "./permutation.ts";

export type EventId = `evt_${string}`;
export type EndpointId = `ep_${string}`;
export type ReplayId = `rpl_${string}`;
export type DeliveryId = `dlv_${string}`;
export type AttemptId = `att_${string}`;
export type AuditId = `aud_${string}`;

/** Where an event stands: shard 0 to 1023, and its offset there. */
export interface EventPlace {
  readonly shard: number;
  readonly offset: Offset;
}

interface DeliveryPlace extends EventPlace {
  readonly endpoint: number;
}

/** Which attempt: `cursor` 0 is the live lane, others are replays; `number` counts requests from 1. */
export interface AttemptPlace extends DeliveryPlace {
  readonly cursor: number;
  readonly number: number;
}

/**
 * Turns keys of the store into ids that tell a customer nothing about volume, and back without an index.
 * Every `…Of` returns undefined for text that is not such an id.
 */
export interface Ids {
  event(place: EventPlace): EventId;
  eventPlaceOf(id: string): EventPlace | undefined;
  endpoint(number: number): EndpointId;
  endpointNumberOf(id: string): number | undefined;
  delivery(place: EventPlace, endpoint: number): DeliveryId;
  deliveryPlaceOf(id: string): DeliveryPlace | undefined;
  replay(number: number): ReplayId;
  replayNumberOf(id: string): number | undefined;
  audit(number: number): AuditId;
  auditNumberOf(id: string): number | undefined;
  attempt(place: AttemptPlace): AttemptId;
  attemptPlaceOf(id: string): AttemptPlace | undefined;
}

const WORD = 0x1_0000_0000;
const OFFSET_HIGH_BITS = 21;
const OFFSET_HIGH_MASK = (1 << OFFSET_HIGH_BITS) - 1;
// Bit 63 keeps the two kinds of number apart, so that an event's id is never taken for an endpoint's.
const ENDPOINT_BIT = 0x8000_0000;
// Bit 62 keeps replays apart from endpoints, whose numbers do not reach so far.
const REPLAY_BITS = 0xc000_0000;
// As bit 61 keeps entries of the audit log.
const AUDIT_BITS = 0xa000_0000;
const DIGITS = /^[0-9a-f]{16}$/;
// Of event and endpoint, then cursor and number as they are printed: no attempt has two ids.
const ATTEMPT = /^att_([0-9a-f]{32})_(0|[1-9]\d{0,14})_([1-9]\d{0,14})$/;

// A table: toString(16) of what is above 2^31 takes five times as long, and every attempt has three ids.
const BYTE_DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function wordDigits(word: number): string {
  const digits = (shift: number): string | undefined => BYTE_DIGITS[(word >>> shift) & 0xff];
  return `${digits(24)}${digits(16)}${digits(8)}${digits(0)}`;
}

/**
 * Makes the ids of one installation from its 16-byte key, which is stored with the data and never changes.
 */
export function createIds(key: Uint8Array): Ids {
  const { permute, restore } = createPermutation(key);

  const digitsOf = (block: Block): string => {
    const { high, low } = permute(block);
    return wordDigits(high) + wordDigits(low);
  };
  const blockOf = (digits: string): Block | undefined =>
    DIGITS.test(digits)
      ? restore({ high: Number.parseInt(digits.slice(0, 8), 16), low: Number.parseInt(digits.slice(8), 16) })
      : undefined;

  const eventDigits = ({ shard, offset }: EventPlace): string =>
    digitsOf({ high: ((shard << OFFSET_HIGH_BITS) | Math.floor(offset / WORD)) >>> 0, low: offset >>> 0 });
  const numberDigits = (bits: number, number: number): string =>
    digitsOf({ high: (bits | Math.floor(number / WORD)) >>> 0, low: number >>> 0 });
  const endpointDigits = (number: number): string => numberDigits(ENDPOINT_BIT, number);
  const placeIn = (digits: string): EventPlace | undefined => {
    const block = blockOf(digits);
    if (block === undefined || block.high >= ENDPOINT_BIT) {
      return undefined;
    }
    const offset = (block.high & OFFSET_HIGH_MASK) * WORD + block.low;
    return { shard: block.high >>> OFFSET_HIGH_BITS, offset };
  };
  const numberIn = (bits: number, digits: string): number | undefined => {
    const block = blockOf(digits);
    if (block === undefined || block.high < bits) {
      return undefined;
    }
    const number = (block.high - bits) * WORD + block.low;
    return Number.isSafeInteger(number) ? number : undefined;
  };
  const endpointIn = (digits: string): number | undefined => numberIn(ENDPOINT_BIT, digits);

  const deliveryIn = (digits: string): DeliveryPlace | undefined => {
    const place = placeIn(digits.slice(0, 16));
    const endpoint = endpointIn(digits.slice(16));
    return place === undefined || endpoint === undefined ? undefined : { ...place, endpoint };
  };

  return {
    event: (place) => `evt_${eventDigits(place)}`,
    eventPlaceOf: (id) => (id.startsWith("evt_") ? placeIn(id.slice(4)) : undefined),
    endpoint: (number) => `ep_${endpointDigits(number)}`,
    endpointNumberOf: (id) => (id.startsWith("ep_") ? endpointIn(id.slice(3)) : undefined),
    delivery: (place, endpoint) => `dlv_${eventDigits(place)}${endpointDigits(endpoint)}`,
    deliveryPlaceOf: (id) => (id.startsWith("dlv_") ? deliveryIn(id.slice(4)) : undefined),
    replay: (number) => `rpl_${numberDigits(REPLAY_BITS, number)}`,
    replayNumberOf: (id) => (id.startsWith("rpl_") ? numberIn(REPLAY_BITS, id.slice(4)) : undefined),
    audit: (number) => `aud_${numberDigits(AUDIT_BITS, number)}`,
    auditNumberOf: (id) => (id.startsWith("aud_") ? numberIn(AUDIT_BITS, id.slice(4)) : undefined),
    attempt: (place) =>
      `att_${eventDigits(place)}${endpointDigits(place.endpoint)}_${place.cursor}_${place.number}`,
    attemptPlaceOf(id) {
      const [, digits = "", cursor, number] = ATTEMPT.exec(id) ?? [];
      const place = deliveryIn(digits);
      return place === undefined ? undefined : { ...place, cursor: Number(cursor), number: Number(number) };
    },
  };
}
