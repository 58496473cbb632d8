/**
 * Find out what is wrong with a call.
 *
 * For PosthornError, PosthornErrorParts.
 */
import { PosthornError } from "@posthorn/client/posthorn-error";
import { posthorn, tenant } from "./posthorn.ts";

try {
  await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/", timeout_ms: 5 });
} catch (error) {
  if (!(error instanceof PosthornError)) throw error;
  console.log(error.code, error.status, error.requestId); // → invalid_request 422 req_…
  console.log(error.errors);
  // → [ { pointer: '/timeout_ms', detail: 'must be at least 100, got 5' } ]
}
