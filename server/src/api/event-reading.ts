/** What every form of JSON in which events come is read with. */
import { escapedPointerPart } from "../json-pointer.ts";
import { type Items, type Slice, sliceItems, textOf } from "../json-slice.ts";
import { Problem, type WrongMember } from "../problem.ts";
import { EVENT_TYPE_RULE, isEventType, isText, textRule } from "./event-text.ts";
import { WRONG_MEMBERS_MAX } from "./schema-problem.ts";

export const EVENT_BYTES_MAX = 1024 * 1024;
export const REQUEST_BYTES_MAX = 10 * 1024 * 1024;
export const REQUEST_EVENTS_MAX = 1000;

const NAME_LENGTH_MAX = 128;

/** One event of a request, and what is wrong with the request so far. */
export interface Reading {
  readonly bytes: Buffer;
  /** The JSON Pointer of the event. */
  readonly at: string;
  readonly wrong: WrongMember[];
}

/** Where the value of each member of an event stands, by its name. */
export type Members = ReadonlyMap<string, Slice>;

/**
 * Reads every item that is an object, as far as a limit on what is wrong. Throws a Problem that names every
 * wrong member.
 */
export function readItems<Event>(
  bytes: Buffer,
  { isList, items, isCut }: Items,
  read: (reading: Reading, members: Members) => Event,
): readonly Event[] {
  if (isCut) {
    throw new Problem("payload_too_large", `A request has at most ${REQUEST_EVENTS_MAX} events.`);
  }
  const wrong: WrongMember[] = [];
  const events: Event[] = [];
  for (const [index, item] of items.entries()) {
    const at = isList ? `/${index}` : "";
    checkSize(at, item.end - item.start);
    const { members } = item;
    if (members === undefined) {
      wrong.push({ pointer: at, detail: "must be an object" });
    } else {
      const reading = { bytes, at, wrong };
      if (item.repeated !== undefined) {
        refuseMember(reading, item.repeated, "stands twice");
      }
      events.push(read(reading, members));
    }
    if (wrong.length >= WRONG_MEMBERS_MAX) {
      break;
    }
  }
  refuseWrong(wrong);
  return events;
}

/**
 * Reads a body that is one object. Throws a Problem that names every wrong member, or says what the body
 * must be.
 */
export function readObject<Asked>(
  bytes: Buffer,
  mustBe: string,
  read: (reading: Reading, members: Members) => Asked,
): Asked {
  const items = sliceItems(bytes, 1);
  const [asked] = items.isList ? [] : readItems(bytes, items, read);
  if (asked === undefined) {
    const wrong = { pointer: "", detail: mustBe };
    throw new Problem("invalid_request", "The body is not as it must be.", [wrong]);
  }
  return asked;
}

/** Throws a Problem where an event has too many bytes. */
export function checkSize(at: string, bytes: number): void {
  if (bytes > EVENT_BYTES_MAX) {
    const wrong = { pointer: at, detail: `must have at most ${EVENT_BYTES_MAX} bytes, got ${bytes}` };
    const detail = `An event has at most ${EVENT_BYTES_MAX} bytes, got ${bytes}.`;
    throw new Problem("payload_too_large", detail, [wrong]);
  }
}

/** Throws the Problem that names what is wrong, if anything is. */
export function refuseWrong(wrong: readonly WrongMember[]): void {
  if (wrong.length > 0) {
    throw new Problem("invalid_request", "Events of the request are not as they must be.", wrong);
  }
}

/** Notes what is wrong with a member of the event, unless enough is wrong already. */
export function refuseMember({ at, wrong }: Reading, name: string, detail: string): void {
  if (wrong.length < WRONG_MEMBERS_MAX) {
    const short = name.length <= NAME_LENGTH_MAX ? name : `${name.slice(0, NAME_LENGTH_MAX)}…`;
    wrong.push({ pointer: `${at}/${escapedPointerPart(short.toWellFormed())}`, detail });
  }
}

/**
 * One large `data` shares the memory of its request. A small part of a large request is copied, as it would
 * otherwise keep all of it in memory for as long as it waits to be sent.
 */
export function dataOf(bytes: Buffer, { start, end }: Slice): Uint8Array {
  const slice = bytes.subarray(start, end);
  return slice.length * 2 < bytes.length ? Buffer.from(slice) : slice;
}

const QUOTE = 0x22;
const LETTER_N = 0x6e;

/** Reads a string; undefined where the value is something else. */
export function textAt(bytes: Buffer, slice: Slice): string | undefined {
  return bytes[slice.start] === QUOTE ? textOf(bytes, slice) : undefined;
}

/** Whether the value is null. */
export function isNullAt(bytes: Buffer, { start }: Slice): boolean {
  return bytes[start] === LETTER_N;
}

/** Reads the type of an event; where it is none, that is noted, and what is returned stands for nothing. */
export function readType(reading: Reading, slice: Slice | undefined): string {
  const type = slice === undefined ? undefined : textAt(reading.bytes, slice);
  if (type === undefined || !isEventType(type)) {
    refuseMember(reading, "type", `must be ${EVENT_TYPE_RULE}`);
    return "";
  }
  return type;
}

/** Reads a text that may be absent, or null; what is another value is noted. */
export function readText(
  reading: Reading,
  name: string,
  { slice, lengthMax }: { readonly slice: Slice | undefined; readonly lengthMax: number },
): string | undefined {
  if (slice === undefined || isNullAt(reading.bytes, slice)) {
    return undefined;
  }
  const text = textAt(reading.bytes, slice);
  if (text === undefined || text.length > lengthMax || !isText(text)) {
    refuseMember(reading, name, `must be ${textRule(lengthMax)}`);
    return undefined;
  }
  return text;
}
