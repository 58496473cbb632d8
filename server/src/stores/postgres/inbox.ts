import type { Inbox } from "../../inbox.ts";
import type { Sharing } from "../../sharing.ts";
import type { Submission } from "../../store.ts";
import { bytesIn, integerIn, type Row, textIn } from "../columns.ts";
import { eventOf } from "../log-rows.ts";
import type { Appender } from "./append.ts";
import type { Database } from "./database.ts";
import { KEEP_LEASE, putInInbox, READ_SCHEMA, TAKE_FROM_INBOX } from "./queries/inbox.ts";
import type { TenantShards } from "./tenant-shards.ts";

const STEP_EVENTS = 500;
const STEP_BYTES = 4 * 1024 * 1024;

/** Where applications put what they hand over in transactions of their own. */
export async function openInbox(database: Database, shards: TenantShards): Promise<Inbox> {
  const [row = {}] = await database.rows(READ_SCHEMA);
  const statement = putInInbox(textIn(row, "schema"));
  return {
    async put(transaction, { tenant, events, keysExpireAt }) {
      const shard = await shards.of(tenant);
      for (const { event, key } of events) {
        if (key === undefined) {
          throw new Error("what is in the inbox is found by its key");
        }
        const { type, subject, occurredAt, expiresAt, to, data, extensions } = event;
        const meta = [type, subject, occurredAt, expiresAt, to].map((value) => value ?? null);
        const about = [shard, tenant, key.text, Buffer.from(key.hash), keysExpireAt];
        const said = [Buffer.from(data), extensions === undefined ? null : JSON.stringify(extensions)];
        await transaction.query(statement, [...about, ...meta, ...said]);
      }
    },
  };
}

/** Makes what moves the first of a lease's inbox into its shard's log. */
export function createInboxMover(
  database: Database,
  appender: Pick<Appender, "appendInside">,
): Sharing["moveInbox"] {
  return async ({ id: shard, epoch }) =>
    await database.transaction(async (session) => {
      if ((await session.rows(KEEP_LEASE, shard, epoch)).length === 0) {
        return "fenced";
      }
      const rows = await session.rows(TAKE_FROM_INBOX, shard, STEP_EVENTS, STEP_BYTES);
      if (rows.length === 0) {
        return "empty";
      }
      const inOrder = rows.toSorted((one, other) => integerIn(one, "offset") - integerIn(other, "offset"));
      return await appender.appendInside(session, shard, inOrder.map(submissionOf));
    });
}

function submissionOf(row: Row): Submission {
  const { offset: _number, tenant, ...event } = eventOf(row);
  const key = { text: textIn(row, "key"), hash: bytesIn(row, "hash") };
  return {
    tenant,
    events: [{ event, key }],
    key: undefined,
    keysExpireAt: integerIn(row, "keys_expire_at"),
  };
}
