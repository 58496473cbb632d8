import type { Outgoing, Sharing } from "../../sharing.ts";
import { VERSION } from "../../version.ts";
import { integerIn, optionalIn, type Row, textIn } from "../columns.ts";
import { eventOf } from "../log-rows.ts";
import type { Appender } from "./append.ts";
import { numbersIn } from "./arrays.ts";
import { bigints } from "./binary-arrays.ts";
import type { Database } from "./database.ts";
import type { Hints } from "./hints.ts";
import { createInboxMover } from "./inbox.ts";
import {
  ASK,
  CLAIM_LEASES,
  LEAVE,
  MEET,
  PUT_LIVE,
  READ_ASKED,
  READ_LIVE,
  READ_NEWS,
  READ_OUTGOING,
  TAKE_ANSWER,
  WATCH,
} from "./queries/sharing.ts";
import type { KnownRestoration } from "./restoration.ts";
import type { TenantShards } from "./tenant-shards.ts";

export interface SharingPorts {
  readonly database: Database;
  readonly shards: TenantShards;
  readonly hints: Hints;
  readonly appender: Appender;
  readonly restoration: KnownRestoration;
  /** Names this process. */
  readonly holder: string;
  readonly leaseMs: number;
}

/** How nodes share the leases of one database. */
export function createSharing(ports: SharingPorts): Sharing {
  const { database, shards, hints, holder, leaseMs, restoration } = ports;
  async function outgoingOf(row: Row): Promise<Outgoing> {
    const { offset: number, tenant, ...event } = eventOf(row);
    const raised = { tenant, event, endpoint: integerIn(row, "endpoint"), key: textIn(row, "key") };
    return { number, lease: await shards.of(tenant), raised };
  }

  return {
    leaseMs,
    async meet() {
      const [row = {}] = await database.rows(MEET, holder, leaseMs, VERSION);
      restoration.note(optionalIn(row, "backed_up_at", integerIn));
      return {
        nodes: integerIn(row, "nodes"),
        free: numbersIn(row, "free"),
        watched: numbersIn(row, "watched"),
        isPaused: restoration.backedUpAt !== undefined,
      };
    },
    claim: async (leases) =>
      (await database.rows(CLAIM_LEASES, holder, leaseMs, bigints(leases))).map((row) =>
        integerIn(row, "shard"),
      ),
    async leave() {
      await database.run(LEAVE, holder);
    },
    readNews: async (leases) => (await database.rows(READ_NEWS, bigints(leases))).map(newsOf),
    hint: hints.hint,
    onHint: hints.onHint,
    async ask(lease, what) {
      const [row = {}] = await database.rows(ASK, lease, what);
      return integerIn(row, "number");
    },
    async takeAnswer(lease, number) {
      const [row] = await database.rows(TAKE_ANSWER, lease, number);
      return row && textIn(row, "answer");
    },
    readAsked: async (lease, limit) =>
      (await database.rows(READ_ASKED, lease, limit)).map((row) => ({
        number: integerIn(row, "number"),
        what: textIn(row, "what"),
      })),
    readOutbox: async (lease, limit) =>
      await Promise.all((await database.rows(READ_OUTGOING, lease, limit)).map(outgoingOf)),
    async watch(tenants, forMs) {
      await database.run(WATCH, holder, forMs, bigints(tenants));
    },
    async putLive({ facts, leftOut }) {
      await database.run(PUT_LIVE, holder, facts, leftOut);
    },
    readLive: async (seen) =>
      (await database.rows(READ_LIVE, holder, bigints(seen))).map((row) => ({
        number: integerIn(row, "number"),
        facts: textIn(row, "facts"),
        leftOut: integerIn(row, "left_out"),
      })),
    moveInbox: createInboxMover(database, ports.appender),
  };
}

function newsOf(row: Row) {
  return {
    lease: integerIn(row, "shard"),
    head: integerIn(row, "head"),
    changes: integerIn(row, "changes"),
    isAsked: integerIn(row, "is_asked") === 1,
    hasOutgoing: integerIn(row, "has_outgoing") === 1,
    hasInbox: integerIn(row, "has_inbox") === 1,
    hasErasures: integerIn(row, "has_erasures") === 1,
  };
}
