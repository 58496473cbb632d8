import type { EventType } from "../contract.ts";

/** What an installation tells its operator, as events of the operator's own tenant. */
export const operationalEventTypes: readonly EventType[] = [
  {
    name: "endpoint.disabled",
    description:
      "An endpoint was disabled: by its receiver's answer, for failing too long, or by a person. " +
      "It gets nothing more until it is enabled.",
  },
  {
    name: "delivery.dead",
    description: "A delivery, or every delivery of a batch, ended without success after its last retry.",
  },
];
