import { receiveBspk } from "@posthorn/contracts/bspk/receive";
import { receiveBubblehouse } from "@posthorn/contracts/bubblehouse/receive";
import { receiveCloudEvents } from "@posthorn/contracts/cloudevents/receive";
import type { ReceivingHalves } from "@posthorn/contracts/judge-request";
import { receiveSpektr } from "@posthorn/contracts/spektr/receive";
import { receiveStandard } from "@posthorn/contracts/standard/receive";

/** What a pasted request is judged by. */
export const HALVES: ReceivingHalves = {
  standard: receiveStandard,
  bspk: receiveBspk,
  spektr: receiveSpektr,
  bubblehouse: receiveBubblehouse,
  cloudevents: (options) => receiveCloudEvents({ ...options, allowedRate: 1 }),
};
