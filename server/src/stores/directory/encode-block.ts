import type { DirectoryBlock, IndexedEvent } from "../../facts.ts";
import { HASH_BYTES, VERSION } from "./block.ts";
import type { HashSubject } from "./subject-hash.ts";
import { createByteWriter } from "./varint.ts";

interface Group {
  /** Two numbers in one: the type's, times 2, and whether its events have a `to`. */
  readonly kind: number;
  readonly places: number[];
}

/** Returns the bytes of a block, as `StoredBlock` says. */
export function encodeBlock({ after, events }: DirectoryBlock, hashSubject: HashSubject): Uint8Array {
  const types = new Map<string, number>();
  const byTenant = groupsOf(events, types);
  const hashes = events.map(({ subject }) => (subject === undefined ? 0 : hashSubject(subject)));
  const hashBytes = hashes.some((hash) => hash !== 0) ? HASH_BYTES : 0;
  const parts = [encodeTypes(types.keys()), ...encodeGroups(byTenant)];
  const writer = createByteWriter();
  writer.number(VERSION);
  writer.number(events.length);
  writer.number(hashBytes);
  parts.forEach(({ length }) => writer.number(length));
  parts.forEach(writer.bytes);
  let before = after;
  for (const { offset } of events) {
    writer.number(offset - before);
    before = offset;
  }
  for (const hash of hashBytes === 0 ? [] : hashes) {
    writer.bytes(Uint8Array.of(hash, hash >>> 8, hash >>> 16));
  }
  return writer.end();
}

/** Groups events by tenant, type and whether they have a `to`; numbers the types on the way. */
function groupsOf(
  events: readonly IndexedEvent[],
  types: Map<string, number>,
): ReadonlyMap<number, ReadonlyMap<number, Group>> {
  const byTenant = new Map<number, Map<number, Group>>();
  for (const [place, { tenant, type, to }] of events.entries()) {
    const number = types.get(type) ?? types.size;
    types.set(type, number);
    const kind = number * 2 + (to === undefined ? 0 : 1);
    const groups = byTenant.get(tenant) ?? new Map<number, Group>();
    byTenant.set(tenant, groups);
    const group = groups.get(kind) ?? { kind, places: [] };
    groups.set(kind, group);
    group.places.push(place);
  }
  return byTenant;
}

function encodeTypes(types: Iterable<string>): Uint8Array {
  const encoder = new TextEncoder();
  const writer = createByteWriter();
  for (const type of types) {
    const text = encoder.encode(type);
    writer.number(text.length);
    writer.bytes(text);
  }
  return writer.end();
}

/** Returns three parts: tenants, groups and places. */
function encodeGroups(byTenant: ReadonlyMap<number, ReadonlyMap<number, Group>>): readonly Uint8Array[] {
  const [tenants, groups, places] = [createByteWriter(), createByteWriter(), createByteWriter()];
  let tenantBefore = 0;
  for (const tenant of [...byTenant.keys()].sort((one, other) => one - other)) {
    const starts = { groups: groups.length, places: places.length };
    for (const group of byTenant.get(tenant)?.values() ?? []) {
      const start = places.length;
      let before = 0;
      for (const place of group.places) {
        places.number(place - before);
        before = place;
      }
      groups.number(group.kind);
      groups.number(group.places.length);
      groups.number(places.length - start);
    }
    tenants.number(tenant - tenantBefore);
    tenants.number(groups.length - starts.groups);
    tenants.number(places.length - starts.places);
    tenantBefore = tenant;
  }
  return [tenants.end(), groups.end(), places.end()];
}
