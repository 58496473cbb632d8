/** What a dispatcher is given in its tests. */
import type { Clock } from "../clock.ts";
import { createIds } from "../model/ids.ts";
import type { Sent } from "../outbound/sender.ts";
import { createAlarm } from "./alarm.ts";
import type { DispatcherPorts } from "./dispatcher.ts";
import { createInFlight } from "./in-flight.ts";
import { SHARED_LIMITS } from "./limits.ts";

export const ACCEPTED: Sent["answer"] = {
  kind: "status",
  status: 200,
  headers: {},
  body: new Uint8Array(),
  bodyState: "whole",
};

/** Returns ports where nothing follows from what is told, but for a fault: it fails the test. */
export function dispatcherPorts(clock: Clock): Omit<DispatcherPorts, "sender" | "payloads"> {
  return {
    clock,
    ids: createIds(new Uint8Array(16)),
    digest: (bytes) => bytes,
    fraction: () => 0.5,
    // No outcome ever becomes durable here.
    limits: SHARED_LIMITS,
    inFlight: createInFlight(SHARED_LIMITS),
    alarm: createAlarm(clock),
    readEvents: async () => [],
    erased: new Set(),
    mayBegin: () => true,
    onOutcome: () => {},
    onGreeted: () => {},
    onDropped: () => {},
    onTaken: () => {},
    onHoldEnded: () => {},
    onFault(_lane, error) {
      throw new Error(String(error));
    },
    onReadFailed: () => {},
  };
}
