/**
 * A secret may have leaked: take another.
 *
 * For rotateSecret.
 */
import { posthorn, tenant } from "./posthorn.ts";

const { id } = await posthorn.createEndpoint(tenant, { url: "https://hooks.example.com/" });
const rotated = await posthorn.rotateSecret(tenant, id, { overlap_seconds: 3600 });
console.log(rotated.secret); // → whsec_…
console.log(rotated.secrets.map(({ expires_at }) => expires_at)); // → [ null, '…Z' ]
