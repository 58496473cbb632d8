/**
 * Ask whether the server is well.
 *
 * For getHealth, getReadiness, getDescription.
 */
import { posthorn } from "./posthorn.ts";

console.log(await posthorn.getHealth()); // → { status: 'ok', version: '0.1.0' }
console.log(await posthorn.getReadiness()); // → { status: 'ready' }
const { openapi } = await posthorn.getDescription();
console.log(openapi); // → 3.1.…
