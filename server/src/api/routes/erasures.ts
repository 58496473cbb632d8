import { Problem } from "../../problem.ts";
import { type Access, pathParameter, tenantOf } from "../access.ts";
import { isText, SUBJECT_LENGTH_MAX } from "../event-text.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { readEvent } from "./events.ts";

/** What erases for good what events say. Answered when it is durable, and nothing is left in the files. */
export function addErasureRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { registry, engine } = ports;
  const onRequest = access.tenant("events:erase");

  app.delete("/v1/tenants/:tenant/events/:event", { onRequest }, async (request, reply) => {
    const tenant = tenantOf(request);
    const { offset } = await readEvent(ports, tenant, pathParameter(request, "event"));
    await registry.requestErasure({ tenant: tenant.number, what: { offset } });
    await engine.erase(tenant.shard, tenant.number);
    return reply.code(204).send();
  });

  app.delete("/v1/tenants/:tenant/subjects/:subject", { onRequest }, async (request, reply) => {
    const tenant = tenantOf(request);
    const subject = checkedSubject(pathParameter(request, "subject"));
    await registry.requestErasure({ tenant: tenant.number, what: { subject } });
    await engine.erase(tenant.shard, tenant.number);
    return reply.code(204).send();
  });
}

function checkedSubject(subject: string): string {
  if (subject.length > SUBJECT_LENGTH_MAX || !isText(subject)) {
    throw new Problem(
      "invalid_request",
      `A subject has up to ${SUBJECT_LENGTH_MAX} characters, no control characters among them.`,
    );
  }
  return subject;
}
