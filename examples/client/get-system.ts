/**
 * What this installation runs on.
 *
 * For getSystem, listNodes.
 */
import { posthorn } from "./posthorn.ts";

const { version, database, is_accepting } = await posthorn.getSystem();
console.log(version, database.kind, is_accepting); // → 0.1.0 sqlite true
for await (const { id, is_this, shards } of posthorn.listNodes()) {
  console.log(id, is_this, shards); // → … true [ 0 ]
}
