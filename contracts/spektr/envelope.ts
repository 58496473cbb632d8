import type { ContractEvent } from "../contract.ts";

/**
 * Says an event as it stands in a batch's `results`, up to the value of `data`, in the order of the vendor's
 * pages; undefined where the event has no subject, which every event of spektr's has.
 */
export function envelopeOf(event: ContractEvent, workspaceId: string): string | undefined {
  if (event.subject === undefined) {
    return undefined;
  }
  // The deprecated customer_status_change is the one type whose envelope has no workspaceId.
  const workspace =
    event.type === "customer_status_change" ? "" : `"workspaceId":${JSON.stringify(workspaceId)},`;
  return (
    `{"id":"${spektrEventId(event)}","spektrId":${JSON.stringify(event.subject)},` +
    `"eventType":${JSON.stringify(event.type)},"timestamp":${event.occurredAt},${workspace}"data":`
  );
}

/**
 * 24 hexadecimal digits, as the vendor's ids have: the time in seconds, then the 16 of our own id.
 *
 * Ours alone make it unique, so times outside 1970 to 2106 may wrap around rather than change the length.
 */
function spektrEventId(event: ContractEvent): string {
  const seconds = Math.floor(event.occurredAt / 1_000) >>> 0;
  return seconds.toString(16).padStart(8, "0") + event.id.slice("evt_".length);
}
