import { setTimeout as after } from "node:timers/promises";
import type { Delivery } from "@posthorn/client/operations";
import type { Connection } from "./connection.ts";
import { printRows } from "./print.ts";
import { createTable } from "./table.ts";

const LOOK_EVERY_MS = 200;

/** Waits until an event's deliveries have ended, and prints them. Returns 1 if one was not taken. */
export async function showSettled(connection: Connection, event: string, isJson: boolean): Promise<0 | 1> {
  const deliveries = await settled(connection, event);
  printRows(deliveries, createTable(["id", "state", "attempts", "endpoint_id", "reason"]), isJson);
  return deliveries.every(({ state }) => state === "delivered") ? 0 : 1;
}

/** Looks at an event's deliveries until none of them will be tried again, and says what is waited for. */
async function settled({ client, tenant }: Connection, event: string): Promise<readonly Delivery[]> {
  const told = new Set<string>();
  for (;;) {
    const deliveries: Delivery[] = [];
    for await (const delivery of client.listDeliveriesOfEvent(tenant, event)) {
      deliveries.push(delivery);
    }
    if (deliveries.every(({ state }) => state !== "pending" && state !== "retrying")) {
      if (deliveries.length === 0) {
        process.stderr.write("the event is stored, and no endpoint of the tenant wants it\n");
      }
      return deliveries;
    }
    tellWaits(deliveries, told);
    await after(LOOK_EVERY_MS);
  }
}

/** Tells once of each attempt that failed, and of a lane that lets none be made: it may be for hours. */
function tellWaits(deliveries: readonly Delivery[], told: Set<string>): void {
  for (const { state, attempts, endpoint_id, reason, next_attempt_at } of deliveries) {
    const key = `${endpoint_id} ${attempts} ${reason}`;
    const isHeld = state === "pending" && reason !== null;
    if ((state === "retrying" || isHeld) && !told.has(key)) {
      told.add(key);
      const what = isHeld ? `waits, ${reason}` : `attempt ${attempts} failed, ${reason ?? "unknown"}`;
      const next = next_attempt_at === null ? "" : `; the next is at ${next_attempt_at}`;
      process.stderr.write(`${endpoint_id}: ${what}${next}\n`);
    }
  }
}
