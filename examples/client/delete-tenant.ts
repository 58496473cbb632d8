/**
 * Erase everything of a customer who leaves.
 *
 * For deleteTenant.
 */
import { PosthornError } from "@posthorn/client/posthorn-error";
import { posthorn } from "./posthorn.ts";

const { id } = await posthorn.createTenant({ name: "Example Boutique", contract: "bspk" });
await posthorn.deleteTenant(id);
try {
  await posthorn.getTenant(id);
} catch (error) {
  console.log(error instanceof PosthornError && error.code); // → not_found
}
