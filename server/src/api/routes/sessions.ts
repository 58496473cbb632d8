import { Type } from "typebox";
import type { Access } from "../access.ts";
import type { Caller } from "../caller.ts";
import type { Api, ApiPorts } from "../ports.ts";
import type { Opened } from "../sessions.ts";
import { timestampOrNull } from "../timestamp.ts";

const TEXT = Type.String({ minLength: 1, maxLength: 512 });

const SignInBody = Type.Union([
  Type.Object({ key: TEXT }, { additionalProperties: false }),
  Type.Object({ link: TEXT }, { additionalProperties: false }),
  Type.Object(
    {
      portal_link: TEXT,
      is_embedded: Type.Optional(
        Type.Boolean({ description: "Whether the page is in a frame of another. Default: false." }),
      ),
    },
    { additionalProperties: false },
  ),
]);

const PATH = "/v1/session";

/** In a page of another site: browsers keep it apart for each such site, and send it over https alone. */
const IN_FRAME = "SameSite=None; Secure; Partitioned";

/** A browser says where the page came from that signs in, whatever stands between it and this server. */
function siteOf(origin: string | undefined): string {
  return `SameSite=Strict${origin?.startsWith("https:") === true ? "; Secure" : ""}`;
}

/** `/v1/session`: a key, or a link, exchanged for the cookie of a browser. */
export function addSessionRoutes(
  app: Api,
  { registry, clock, portalOrigins = [] }: ApiPorts,
  access: Access,
): void {
  const { sessions } = access;

  async function view(caller: Caller, expiresAt: number | undefined) {
    const tenant = caller.kind === "tenant" ? await registry.tenantByNumber(caller.tenant) : undefined;
    return {
      kind: caller.kind,
      is_portal: caller.session === "portal",
      tenant: tenant?.id ?? null,
      scopes: caller.kind === "tenant" ? (caller.key.scopes ?? null) : null,
      expires_at: timestampOrNull(expiresAt),
    };
  }

  function cookieOf({ name, value }: Opened["cookie"], maxAge: number, site: string): string {
    return `${name}=${value}; Path=/; HttpOnly; ${site}; Max-Age=${maxAge}`;
  }

  app.post(PATH, { schema: { body: SignInBody } }, async (request, reply) => {
    const { body, headers } = request;
    const { caller, cookie, expiresAt } = await sessions.open(body);
    request.caller = caller;
    const isEmbedded = "portal_link" in body && body.is_embedded === true && portalOrigins.length > 0;
    const maxAge = Math.ceil((expiresAt - clock.now()) / 1000);
    return reply
      .code(201)
      .header("set-cookie", cookieOf(cookie, maxAge, isEmbedded ? IN_FRAME : siteOf(headers.origin)))
      .send(await view(caller, expiresAt));
  });

  app.get(PATH, { onRequest: access.anyone }, async (request) =>
    view(await access.callerIn(request), await sessions.endOf(request)),
  );

  app.delete(PATH, { onRequest: access.anyone }, async (request, reply) => {
    await sessions.end(request);
    const cookie = { name: sessions.cookieNameOf(request), value: "" };
    // One that was set in a frame is another to browsers than one of the same name that was not.
    const sites = [siteOf(request.headers.origin), ...(portalOrigins.length > 0 ? [IN_FRAME] : [])];
    const ended = sites.map((site) => cookieOf(cookie, 0, site));
    return reply.code(204).header("set-cookie", ended).send();
  });
}
