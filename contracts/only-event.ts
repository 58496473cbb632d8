import type { ContractEvent } from "./contract.ts";

/** Returns the one event of a request that is no batch. Throws where the engine gave none or several. */
export function onlyEvent(events: readonly ContractEvent[]): ContractEvent {
  const [event] = events;
  if (event === undefined || events.length > 1) {
    throw new Error(`a request of this contract carries exactly one event, got ${events.length}`);
  }
  return event;
}
