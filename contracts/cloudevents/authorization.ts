import type { ContractEndpoint, EndpointProblem, Settings } from "../contract.ts";
import { liveSecrets } from "../live-secrets.ts";
import { cloudEventsSettings } from "./settings.ts";

const { authorization } = cloudEventsSettings;

// RFC 6750's token; the lengths are ours.
const tokenForm = /^[A-Za-z0-9\-._~+/]{16,500}={0,2}$/;

/** Returns the header that proves the sender; none where the endpoint does not want it. */
export function authorizationHeader(endpoint: ContractEndpoint): Readonly<Record<string, string>> {
  if (!authorization.read(endpoint.settings)) {
    return {};
  }
  const [newest] = liveSecrets(endpoint);
  return { authorization: `Bearer ${newest}` };
}

/** Makes a token for an endpoint that came without one, where it wants one. */
export function makeToken(
  randomBytes: (count: number) => Uint8Array,
  settings: Settings,
): string | undefined {
  return authorization.read(settings) ? Buffer.from(randomBytes(32)).toString("base64url") : undefined;
}

/** Says what is wrong with a secret; one that is given where none is sent is kept for when it is. */
export function tokenProblems(secret: string | undefined): readonly EndpointProblem[] {
  if (secret === undefined || tokenForm.test(secret)) {
    return [];
  }
  const detail =
    "secret must be a bearer token of 16 to 500 letters, digits and -._~+/, with = at its end only, " +
    `got another text of ${secret.length} characters`;
  return [{ pointer: "/secret", detail }];
}
