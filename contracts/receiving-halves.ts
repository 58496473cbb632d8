import { receiveBspk } from "./bspk/receive.ts";
import { receiveBubblehouse } from "./bubblehouse/receive.ts";
import { receiveCloudEvents } from "./cloudevents/receive.ts";
import type { ReceivingHalves } from "./judge-request.ts";
import { receiveSpektr } from "./spektr/receive.ts";
import { receiveStandard } from "./standard/receive.ts";

/** The receiving half of each contract that every installation has: what a pasted request is judged by. */
export const HALVES: ReceivingHalves = {
  standard: receiveStandard,
  bspk: receiveBspk,
  spektr: receiveSpektr,
  bubblehouse: receiveBubblehouse,
  cloudevents: (options) => receiveCloudEvents({ ...options, allowedRate: 1 }),
};
