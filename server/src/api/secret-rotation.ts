import type { Contract } from "@posthorn/contracts/contract";
import { type Static, Type } from "typebox";
import type { Endpoint } from "../model/endpoint.ts";
import { LIVE_SECRETS_MAX } from "../model/secret.ts";
import type { Tenant } from "../model/tenant.ts";
import { Problem } from "../problem.ts";
import { orNull } from "./changeable-member.ts";
import { SecretText } from "./endpoint-body.ts";
import { contractOf, wrongMember } from "./endpoint-verbs.ts";
import { noSuch } from "./no-such.ts";
import type { ApiPorts } from "./ports.ts";
import { secretDraft } from "./secret-draft.ts";

const DAY_SECONDS = 86_400;
// Long enough for receivers that deploy once a week.
const OVERLAP_SECONDS_MAX = 7 * DAY_SECONDS;

const Rotation = Type.Object(
  {
    secret: orNull(SecretText),
    overlap_seconds: orNull(
      Type.Integer({
        minimum: 0,
        maximum: OVERLAP_SECONDS_MAX,
        description: "How long the older secrets live on; 0: they end at once. Default: 86400, a day.",
      }),
    ),
  },
  { additionalProperties: false },
);

/** All of it may be left out, the body too. */
export const RotationBody = Type.Union([Rotation, Type.Null()]);

export interface SecretToRotate {
  readonly endpoint: Endpoint;
  readonly body: Static<typeof RotationBody>;
}

/** Gives an endpoint a new secret, and the older ones an end. Returns it in clear, this once. */
export async function rotateSecret(
  ports: ApiPorts,
  tenant: Tenant,
  { endpoint, body }: SecretToRotate,
): Promise<{ readonly endpoint: Endpoint; readonly secret: string }> {
  const contract = contractOf(ports, endpoint.contract);
  const secret = body?.secret ?? madeSecret(ports, contract, endpoint);
  checkSecret(contract, endpoint, secret);
  const { seal, publicKey } = secretDraft(ports, { tenant, contract, secret });
  const changed = await ports.registry.rotateSecret({
    tenant: tenant.number,
    endpoint: endpoint.number,
    sealed: seal(endpoint.number),
    publicKey,
    overlapMs: (body?.overlap_seconds ?? DAY_SECONDS) * 1000,
    now: ports.clock.now(),
  });
  if (changed === "too_many_secrets") {
    throw new Problem(
      "too_many_secrets",
      `An endpoint has at most ${LIVE_SECRETS_MAX} live secrets. Wait until one ends, ` +
        "or end all older ones with overlap_seconds 0.",
    );
  }
  if (changed === undefined) {
    throw noSuch("endpoint", ports.ids.endpoint(endpoint.number), tenant);
  }
  ports.engine.noteChanges(tenant.shard);
  return { endpoint: changed, secret };
}

function madeSecret({ random }: ApiPorts, contract: Contract, { config, secrets }: Endpoint): string {
  const made = contract.makeSecret((count) => random.bytes(count), config.settings, secrets[0]);
  if (made === undefined) {
    throw wrongMember("/secret", "is missing: with these settings the contract makes none by itself");
  }
  return made;
}

function checkSecret(contract: Contract, { config }: Endpoint, secret: string): void {
  const { url, settings } = config;
  const wrong = contract
    .checkEndpoint({ url, secret, settings })
    // What is stored was checked when it came; only the secret is new.
    .find(({ pointer }) => pointer === "/secret");
  if (wrong !== undefined) {
    throw wrongMember(wrong.pointer, wrong.detail);
  }
}
