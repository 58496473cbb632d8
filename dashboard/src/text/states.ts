import type { Delivery } from "@posthorn/client/operations";

/** In the order in which a person asks for them. */
export const DELIVERY_STATES: readonly Delivery["state"][] = [
  "retrying",
  "pending",
  "delivered",
  "dead",
  "rejected",
  "cancelled",
  "expired",
];
