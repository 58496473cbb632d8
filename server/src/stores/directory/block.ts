import type { Offset } from "../../model/offset.ts";
import { isSubscribed } from "../../model/subscription.ts";
import type { DirectoryBlock, IndexedEvent } from "../../store.ts";
import type { HashSubject } from "./subject-hash.ts";
import { type ByteReader, createByteReader, createByteWriter } from "./varint.ts";

/**
 * A block of the directory as it is stored: which events of `(after, to]` are whose, of which type, about
 * which subject. Numbers are varints:
 *
 *     version (a byte) · events · bytes of a subject's hash (3, or 0: nobody has a subject)
 *     types:     how many · each: bytes, text
 *     groups:    how many · each: tenant (less the one before) · type × 2 + (1: they have a `to`) ·
 *                events · bytes of its places
 *     places:    of each group, its events' places in the block, each less the one before
 *     offsets:   of each event, less the one before, the first less `after`
 *     hashes:    of each event; 0: it has no subject
 */
export interface StoredBlock {
  /** The block is about the events after this offset… */
  readonly after: Offset;
  /** …up to this one. */
  readonly to: Offset;
  readonly bytes: Uint8Array;
}

export interface Wanted {
  /** The tenant's number. */
  readonly tenant: number;
  /** Names or globs. Default: every type. */
  readonly types?: readonly string[] | undefined;
  /** Whether events with a `to` are wanted, whatever their type. Default: false. */
  readonly hasAddressed?: boolean | undefined;
  /** Default: whatever the subject. */
  readonly subjectHash?: number | undefined;
}

const VERSION = 1;
const HASH_BYTES = 3;
/** Tenants count from 1. */
const NOBODYS: Wanted = { tenant: 0 };

interface Group {
  readonly tenant: number;
  /** Two numbers in one: the type's, times 2, and whether its events have a `to`. */
  readonly kind: number;
  readonly places: number[];
}

export function encodeBlock({ after, events }: DirectoryBlock, hashSubject: HashSubject): Uint8Array {
  const types = new Map<string, number>();
  const groups = groupsOf(events, types);
  const hashes = events.map(({ subject }) => (subject === undefined ? 0 : hashSubject(subject)));
  const hashBytes = hashes.some((hash) => hash !== 0) ? HASH_BYTES : 0;
  const encoder = new TextEncoder();
  const writer = createByteWriter();
  writer.number(VERSION);
  writer.number(events.length);
  writer.number(hashBytes);
  writer.number(types.size);
  for (const type of types.keys()) {
    const text = encoder.encode(type);
    writer.number(text.length);
    writer.bytes(text);
  }
  writer.number(groups.length);
  const places = groups.map((group) => deltasOf(group.places, 0));
  let tenantBefore = 0;
  for (const [index, group] of groups.entries()) {
    writer.number(group.tenant - tenantBefore);
    writer.number(group.kind);
    writer.number(group.places.length);
    writer.number(places[index]?.length ?? 0);
    tenantBefore = group.tenant;
  }
  places.forEach(writer.bytes);
  writer.bytes(
    deltasOf(
      events.map(({ offset }) => offset),
      after,
    ),
  );
  for (const hash of hashBytes === 0 ? [] : hashes) {
    writer.bytes(Uint8Array.of(hash, hash >>> 8, hash >>> 16));
  }
  return writer.end();
}

/** Groups events by tenant, type and whether they have a `to`; numbers the types on the way. */
function groupsOf(events: readonly IndexedEvent[], types: Map<string, number>): readonly Group[] {
  const byTenant = new Map<number, Map<number, Group>>();
  for (const [place, { tenant, type, to }] of events.entries()) {
    const number = types.get(type) ?? types.size;
    types.set(type, number);
    const kind = number * 2 + (to === undefined ? 0 : 1);
    const groups = byTenant.get(tenant) ?? new Map<number, Group>();
    byTenant.set(tenant, groups);
    const group = groups.get(kind) ?? { tenant, kind, places: [] };
    groups.set(kind, group);
    group.places.push(place);
  }
  return [...byTenant.values()]
    .flatMap((groups) => [...groups.values()])
    .sort((one, other) => one.tenant - other.tenant);
}

function deltasOf(values: readonly number[], first: number): Uint8Array {
  const writer = createByteWriter();
  let before = first;
  for (const value of values) {
    writer.number(value - before);
    before = value;
  }
  return writer.end();
}

/**
 * Finds what is wanted in a block, in order: it may name too much where subjects have one hash, and never
 * too little. Undefined where the log itself is to be read: most of it is wanted, or another version of this
 * program wrote the block.
 */
export function findInBlock(block: StoredBlock, wanted: Wanted): readonly Offset[] | undefined {
  const head = readHead(block.bytes);
  if (head === undefined) {
    return undefined;
  }
  const { reader } = head;
  const { groups, placesBytes } = findGroups(reader, wanted);
  const { subjectHash } = wanted;
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (subjectHash === undefined && count * 2 > head.events) {
    return undefined;
  }
  const places = groups.flatMap(({ from, count: of }) => readPlaces(block.bytes, reader.at + from, of));
  reader.skip(placesBytes);
  const hashOf = hashesIn(block.bytes, head);
  const named = subjectHash === undefined ? places : places.filter((place) => hashOf(place) === subjectHash);
  return readOffsets(reader, block.after, named);
}

/** Finds the groups that are wanted: where the places of each begin, after the groups, and how many. */
function findGroups(
  reader: ByteReader,
  wanted: Wanted,
): {
  readonly groups: readonly { readonly from: number; readonly count: number }[];
  readonly placesBytes: number;
} {
  const isWantedType = typeTest(readTypes(reader), wanted);
  const groups: { readonly from: number; readonly count: number }[] = [];
  let placesBytes = 0;
  let tenant = 0;
  for (let left = reader.number(); left > 0; left -= 1) {
    tenant += reader.number();
    const kind = reader.number();
    const count = reader.number();
    if (tenant === wanted.tenant && isWantedType(kind)) {
      groups.push({ from: placesBytes, count });
    }
    placesBytes += reader.number();
  }
  return { groups, placesBytes };
}

/**
 * Returns a block without the hashes of some events' subjects: the same block where there is none of them,
 * undefined if another version of this program wrote it.
 */
export function withoutSubjects(block: StoredBlock, offsets: ReadonlySet<Offset>): StoredBlock | undefined {
  const head = readHead(block.bytes);
  if (head === undefined) {
    return undefined;
  }
  const { reader, events, hashBytes } = head;
  reader.skip(findGroups(reader, NOBODYS).placesBytes);
  const hashOf = hashesIn(block.bytes, head);
  const told: number[] = [];
  let offset = block.after;
  for (let place = 0; place < events && hashBytes > 0; place += 1) {
    offset += reader.number();
    if (offsets.has(offset) && hashOf(place) !== 0) {
      told.push(place);
    }
  }
  if (told.length === 0) {
    return block;
  }
  const bytes = block.bytes.slice();
  const hashes = bytes.subarray(bytes.length - events * hashBytes);
  for (const place of told) {
    hashes.fill(0, place * hashBytes, (place + 1) * hashBytes);
  }
  return { ...block, bytes };
}

interface BlockHead {
  /** Stands before the types. */
  readonly reader: ByteReader;
  readonly events: number;
  readonly hashBytes: number;
}

function readHead(bytes: Uint8Array): BlockHead | undefined {
  const reader = createByteReader(bytes, 0);
  if (reader.number() !== VERSION) {
    return undefined;
  }
  return { events: reader.number(), hashBytes: reader.number(), reader };
}

function readTypes(reader: ByteReader): readonly Uint8Array[] {
  return Array.from({ length: reader.number() }, () => reader.bytes(reader.number()));
}

/** Tests the kinds of groups; what each type is called is read once, and only where it matters. */
function typeTest(
  texts: readonly Uint8Array[],
  { types, hasAddressed = false }: Wanted,
): (kind: number) => boolean {
  if (types === undefined) {
    return () => true;
  }
  const decoder = new TextDecoder();
  const known = new Map<number, boolean>();
  return (kind) => {
    if (hasAddressed && kind % 2 === 1) {
      return true;
    }
    const number = Math.floor(kind / 2);
    const isWanted = known.get(number) ?? isSubscribed(types, decoder.decode(texts[number]));
    known.set(number, isWanted);
    return isWanted;
  };
}

function readPlaces(bytes: Uint8Array, at: number, count: number): readonly number[] {
  const reader = createByteReader(bytes, at);
  const places: number[] = [];
  for (let place = 0; places.length < count; ) {
    place += reader.number();
    places.push(place);
  }
  return places;
}

/** The hashes are the last of a block. */
function hashesIn(bytes: Uint8Array, { events, hashBytes }: BlockHead): (place: number) => number {
  const start = bytes.length - events * hashBytes;
  const byte = (at: number) => bytes[at] ?? 0;
  return (place) => {
    const at = start + place * hashBytes;
    return hashBytes === 0 ? 0 : byte(at) + byte(at + 1) * 256 + byte(at + 2) * 65_536;
  };
}

/** Reads the offsets of some places, no further than the last of them. */
function readOffsets(reader: ByteReader, after: Offset, places: readonly number[]): readonly Offset[] {
  let offset = after;
  let read = 0;
  return places
    .toSorted((one, other) => one - other)
    .map((place) => {
      for (; read <= place; read += 1) {
        offset += reader.number();
      }
      return offset;
    });
}
