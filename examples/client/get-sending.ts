/**
 * Let a restored database send.
 *
 * For getSending, resumeSending.
 */
import { posthorn } from "./posthorn.ts";

const { state, backed_up_at, deliveries_waiting_at_least } = await posthorn.getSending();
console.log(state, backed_up_at, deliveries_waiting_at_least); // → running null …
console.log((await posthorn.resumeSending()).state); // → running
