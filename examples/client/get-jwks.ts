/**
 * Signatures that anybody can verify, without a secret.
 *
 * For getJwks.
 */
import { posthorn, tenant } from "./posthorn.ts";

const { id, public_key } = await posthorn.createEndpoint(tenant, {
  url: "https://hooks.example.com/",
  settings: { signature: "v1a" },
});
console.log(public_key); // → whpk_…
const { keys } = await posthorn.getJwks(tenant, id);
console.log(keys);
// → [ { crv: 'Ed25519', kty: 'OKP', x: '…', kid: '…', alg: 'EdDSA', use: 'sig' } ]
