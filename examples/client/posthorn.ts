import { setTimeout } from "node:timers/promises";
import { createClient } from "@posthorn/client/client";
import type { Delivery } from "@posthorn/client/operations";

export const posthorn = createClient({
  url: process.env["POSTHORN_URL"] ?? "http://127.0.0.1:8080",
  key: process.env["POSTHORN_KEY"],
});

/** The id of a tenant, whose events and endpoints these are: each run makes one, which an admin key may. */
export const { id: tenant } = await posthorn.createTenant({ name: "An example" });

/** Where endpoints send to: of a server in development its test receiver, or a receiver of your own. */
export const receiver = (await posthorn.getTestReceiver(tenant)).url ?? "https://receiver.example.com/";

/** Asks again until it is so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await setTimeout(50);
  }
}

/** Finds the delivery of an event to its one endpoint, once its first request was made. */
export async function deliveryOf(event: string): Promise<Delivery> {
  for (;;) {
    const [delivery] = (await posthorn.listDeliveriesOfEvent(tenant, event).page()).data;
    if (delivery !== undefined && delivery.attempts > 0) {
      return delivery;
    }
    await setTimeout(50);
  }
}
