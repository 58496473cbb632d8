import type { AgeingStep } from "../../facts.ts";
import { LIVE } from "../../model/delivery.ts";
import { ERASED_DATA, isErased } from "../../model/erasure.ts";
import type { Offset } from "../../model/offset.ts";
import type { AgedKind, TenantRetention } from "../../model/retention.ts";
import type { AgedPage, AgedQuery } from "../../store.ts";
import { forgetSubjects } from "./directory.ts";
import { attemptsAt, eraseAnswers } from "./erasure.ts";
import type { State } from "./state.ts";

export function readRetentions({ tenants }: State): readonly TenantRetention[] {
  return tenants
    .filter(({ tenant, isDeleted }) => !isDeleted && Object.keys(tenant.retention).length > 0)
    .map(({ tenant }) => ({ tenant: tenant.number, retention: tenant.retention }));
}

export function findAged(state: State, query: AgedQuery): AgedPage {
  const { kind, after, limit, finalBefore } = query;
  const to = Math.min(query.to, state.lease.checkpoint);
  const first = state.events.countBefore({ offset: after + 1 });
  const looked = state.events.rows.slice(first, first + limit).filter(({ offset }) => offset <= to);
  const found = looked
    .filter(({ offset }) => isThere(state, kind, offset))
    .map(({ offset, tenant }) => ({ offset, tenant, isOver: isOver(state, offset, finalBefore) }));
  return { found, scannedTo: looked.length < limit ? Math.max(after, to) : (looked.at(-1)?.offset ?? to) };
}

function isThere(state: State, kind: AgedKind, offset: Offset): boolean {
  switch (kind) {
    case "payload": {
      const event = state.events.find({ offset });
      return event !== undefined && !isErased(event);
    }
    case "attempts":
      return attemptsAt(state, offset).some(
        ({ answer, payloadHash }) => (answer ?? payloadHash) !== undefined,
      );
    case "dead_letters":
      return deadLettersAt(state, offset).some(({ cursor }) => cursor === LIVE);
  }
}

function isOver(state: State, offset: Offset, finalBefore: number): boolean {
  return (
    !state.retries.rows.some((retry) => retry.offset === offset) &&
    !attemptsAt(state, offset).some(({ startedAt }) => startedAt > finalBefore) &&
    !deadLettersAt(state, offset).some(({ at }) => at > finalBefore)
  );
}

function deadLettersAt({ deadLetters }: State, offset: Offset) {
  return deadLetters.rows.filter((letter) => letter.offset === offset);
}

export function age(state: State, { kind, tenant, offsets, at }: AgeingStep): void {
  for (const offset of offsets) {
    const event = state.events.find({ offset });
    if (kind === "payload" && event?.tenant === tenant) {
      state.events.put({ ...event, subject: undefined, data: ERASED_DATA, extensions: undefined });
      forgetSubjects(state, [offset]);
    }
    if (kind !== "dead_letters") {
      eraseAnswers(state, offset);
      continue;
    }
    for (const letter of deadLettersAt(state, offset).filter(({ cursor }) => cursor === LIVE)) {
      state.deadLetters.remove(letter);
      state.gaps.put({ endpoint: letter.endpoint, from: offset, to: offset, reason: "expired", at });
    }
  }
}
