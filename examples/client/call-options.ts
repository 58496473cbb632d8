/**
 * Count a call once, limit its time, end it early.
 *
 * For CallOptions.
 */
import { posthorn, tenant } from "./posthorn.ts";

const created = { type: "cart.created", data: { id: 456 } };
const options = { idempotencyKey: "cart-456", timeoutMs: 5000, signal: AbortSignal.timeout(60_000) };
const first = await posthorn.sendEvent(tenant, created, options);
const again = await posthorn.sendEvent(tenant, created, options);
console.log(again.id === first.id); // → true
