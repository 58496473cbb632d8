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
    name: "endpoint.held",
    description:
      "Nothing has gone to an endpoint for some minutes, or nothing will before a person does something. " +
      "What it is owed waits, and its lane goes on by itself unless needs_attention says otherwise.",
  },
  {
    name: "endpoint.recovered",
    description: "Something got through to an endpoint that was told to be held.",
  },
  {
    name: "delivery.dead",
    description: "A delivery, or every delivery of a batch, ended without success after its last retry.",
  },
];
