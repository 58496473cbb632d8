/**
 * In a test of your own, say what is answered.
 *
 * For operationsOver, Call, Given, once, pages, stream.
 */
import type { Call, Given } from "@posthorn/client/call";
import { operationsOver } from "@posthorn/client/operations";
import { PosthornError } from "@posthorn/client/posthorn-error";

const asked: Given[] = [];
const refuse = (): never => {
  throw new PosthornError({ code: "overloaded", detail: "as in a test", status: 503 });
};
const once: Call["once"] = async (_method, _path, given) => {
  asked.push(given);
  return refuse();
};
const operations = operationsOver({ once, pages: refuse, stream: refuse });
await operations.createTenant({ name: "Example Boutique" }).catch(String).then(console.log);
// → PosthornError: overloaded: as in a test
console.log(asked); // → [ { body: { name: 'Example Boutique' }, options: undefined } ]
