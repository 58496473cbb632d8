import type { Offset } from "../../model/offset.ts";
import { isSubscribed } from "../../model/subscription.ts";
import { createByteReader } from "./varint.ts";

/**
 * A block of the directory as it is stored: which events of `(after, to]` are whose, of which type, about
 * which subject. Numbers are varints, and each part can be passed over by its bytes:
 *
 *     version (a byte) · events · bytes of a subject's hash (3, or 0: nobody has a subject) ·
 *     bytes of types, of tenants, of groups, of places
 *     types:     of each, bytes and text
 *     tenants:   of each, its number (less the one before), bytes of its groups, bytes of their places
 *     groups:    of each, type × 2 + (1: they have a `to`), events, bytes of its places
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

export const VERSION = 1;
export const HASH_BYTES = 3;

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
  const tenant = findTenant(block.bytes, head, wanted.tenant);
  if (tenant === undefined) {
    return [];
  }
  const { subjectHash } = wanted;
  const groups = findGroups(block.bytes, { ...tenant, isWanted: typeTest(block.bytes, head, wanted) });
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (subjectHash === undefined && count * 2 > head.events) {
    return undefined;
  }
  const places = groups.flatMap((group) => readPlaces(block.bytes, group));
  const hashOf = hashesIn(block.bytes, head);
  const named = subjectHash === undefined ? places : places.filter((place) => hashOf(place) === subjectHash);
  return readOffsets(block, head, named);
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
  const { events, hashBytes } = head;
  const hashOf = hashesIn(block.bytes, head);
  const all = hashBytes === 0 ? [] : readOffsets(block, head, [...Array(events).keys()]);
  const told = [...all.entries()].filter(([place, offset]) => offsets.has(offset) && hashOf(place) !== 0);
  if (told.length === 0) {
    return block;
  }
  const bytes = block.bytes.slice();
  const hashes = bytes.subarray(bytes.length - events * hashBytes);
  for (const [place] of told) {
    hashes.fill(0, place * hashBytes, (place + 1) * hashBytes);
  }
  return { ...block, bytes };
}

/** Where the parts of a block begin, each where the one before ends. */
interface BlockHead {
  readonly events: number;
  readonly hashBytes: number;
  readonly typesAt: number;
  readonly tenantsAt: number;
  readonly groupsAt: number;
  readonly placesAt: number;
  readonly offsetsAt: number;
}

function readHead(bytes: Uint8Array): BlockHead | undefined {
  const reader = createByteReader(bytes, 0);
  if (reader.number() !== VERSION) {
    return undefined;
  }
  const events = reader.number();
  const hashBytes = reader.number();
  const [types, tenants, groups, places] = [
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
  ];
  const typesAt = reader.at;
  const tenantsAt = typesAt + types;
  const groupsAt = tenantsAt + tenants;
  const placesAt = groupsAt + groups;
  return { events, hashBytes, typesAt, tenantsAt, groupsAt, placesAt, offsetsAt: placesAt + places };
}

/** Where the groups of one tenant begin and end, and their places begin. */
interface TenantPart {
  readonly at: number;
  readonly end: number;
  readonly placesAt: number;
}

function findTenant(bytes: Uint8Array, head: BlockHead, wanted: number): TenantPart | undefined {
  const reader = createByteReader(bytes, head.tenantsAt);
  let { groupsAt: at, placesAt } = head;
  for (let tenant = 0; reader.at < head.groupsAt && tenant < wanted; ) {
    tenant += reader.number();
    const end = at + reader.number();
    if (tenant === wanted) {
      return { at, end, placesAt };
    }
    at = end;
    placesAt += reader.number();
  }
  return undefined;
}

interface GroupPart {
  readonly placesAt: number;
  readonly count: number;
}

function findGroups(
  bytes: Uint8Array,
  { at, end, placesAt: first, isWanted }: TenantPart & { isWanted: (kind: number) => boolean },
): readonly GroupPart[] {
  const reader = createByteReader(bytes, at);
  const found: GroupPart[] = [];
  for (let placesAt = first; reader.at < end; ) {
    const kind = reader.number();
    const count = reader.number();
    if (isWanted(kind)) {
      found.push({ placesAt, count });
    }
    placesAt += reader.number();
  }
  return found;
}

/** Tests the kinds of groups; what types are called is read only where it matters. */
function typeTest(
  bytes: Uint8Array,
  { typesAt, tenantsAt }: BlockHead,
  { types, hasAddressed = false }: Wanted,
): (kind: number) => boolean {
  if (types === undefined) {
    return () => true;
  }
  const isWanted = nameTest(bytes, types);
  const reader = createByteReader(bytes, typesAt);
  const areWanted: boolean[] = [];
  while (types.length > 0 && reader.at < tenantsAt) {
    const length = reader.number();
    areWanted.push(isWanted(reader.at, length));
    reader.pass(length);
  }
  return (kind) => (hasAddressed && kind % 2 === 1) || areWanted[Math.floor(kind / 2)] === true;
}

/** Tests names where they are stored: a block has hundreds, which are decoded only where globs ask. */
function nameTest(bytes: Uint8Array, types: readonly string[]): (at: number, length: number) => boolean {
  if (types.some((type) => type.includes("*"))) {
    const decoder = new TextDecoder();
    return (at, length) => isSubscribed(types, decoder.decode(bytes.subarray(at, at + length)));
  }
  const encoder = new TextEncoder();
  const wanted = types.map((type) => encoder.encode(type));
  return (at, length) => wanted.some((each) => each.length === length && isAt(bytes, at, each));
}

/** From the end: names of one length begin alike more often than they end alike. */
function isAt(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  let left = name.length;
  while (left > 0 && bytes[at + left - 1] === name[left - 1]) {
    left -= 1;
  }
  return left === 0;
}

function readPlaces(bytes: Uint8Array, { placesAt, count }: GroupPart): readonly number[] {
  const reader = createByteReader(bytes, placesAt);
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
function readOffsets(
  { bytes, after }: StoredBlock,
  { offsetsAt }: BlockHead,
  places: readonly number[],
): readonly Offset[] {
  const reader = createByteReader(bytes, offsetsAt);
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
