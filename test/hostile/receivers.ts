import { BREAKING_HTTP } from "./breaking-http.ts";
import { BREAKING_TLS } from "./breaking-tls.ts";
import { HANGING_UP } from "./hanging-up.ts";
import type { HostileReceiver } from "./hostile-receiver.ts";
import { STATUSES } from "./statuses.ts";
import { WASTING_TIME } from "./wasting-time.ts";
import { WITHOUT_END } from "./without-end.ts";

/** Every way to be hostile that there is a socket for. */
export const HOSTILE_RECEIVERS: readonly HostileReceiver[] = [
  ...WASTING_TIME,
  ...HANGING_UP,
  ...WITHOUT_END,
  ...BREAKING_HTTP,
  ...BREAKING_TLS,
  ...STATUSES,
];
