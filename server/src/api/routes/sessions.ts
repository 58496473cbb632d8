import { Type } from "typebox";
import type { Access } from "../access.ts";
import type { Caller } from "../caller.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { SESSION_MS } from "../sessions.ts";
import { timestampOrNull } from "../timestamp.ts";

const TEXT = Type.String({ minLength: 1, maxLength: 512 });

const SignInBody = Type.Union([
  Type.Object({ key: TEXT }, { additionalProperties: false }),
  Type.Object({ link: TEXT }, { additionalProperties: false }),
]);

const PATH = "/v1/session";

/** `/v1/session`: a key, or the link of a first start, exchanged for the cookie of a browser. */
export function addSessionRoutes(app: Api, { registry }: ApiPorts, access: Access): void {
  const { sessions } = access;

  async function view(caller: Caller, expiresAt: number | undefined) {
    const tenant = caller.kind === "tenant" ? await registry.tenantByNumber(caller.tenant) : undefined;
    return {
      kind: caller.kind,
      tenant: tenant?.id ?? null,
      scopes: caller.kind === "tenant" ? (caller.key.scopes ?? null) : null,
      expires_at: timestampOrNull(expiresAt),
    };
  }

  function cookieOf(value: string, origin: string | undefined): string {
    const maxAge = value === "" ? 0 : SESSION_MS / 1000;
    // A browser says where the page came from that signs in, whatever stands between it and this server.
    const secure = origin?.startsWith("https:") === true ? "; Secure" : "";
    return `${sessions.cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`;
  }

  app.post(PATH, { schema: { body: SignInBody } }, async (request, reply) => {
    const { caller, cookie, expiresAt } = await sessions.open(request.body);
    return reply
      .code(201)
      .header("set-cookie", cookieOf(cookie, request.headers.origin))
      .send(await view(caller, expiresAt));
  });

  app.get(PATH, { onRequest: access.anyone }, async (request) =>
    view(await access.callerIn(request), await sessions.endOf(request)),
  );

  app.delete(PATH, { onRequest: access.anyone }, async (request, reply) => {
    await sessions.end(request);
    return reply.code(204).header("set-cookie", cookieOf("", request.headers.origin)).send();
  });
}
