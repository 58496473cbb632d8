import { hostname } from "node:os";
import type { Survey, SurveyedNode } from "../../model/survey.ts";
import type { Access } from "../access.ts";
import type { Api, ApiPorts } from "../ports.ts";
import { timestampOrNull } from "../timestamp.ts";

/**
 * `/v1/nodes` and `/v1/system`: what this installation runs on, for whoever runs it. Of settings it says what
 * `posthorn config` does: no secret is in it.
 */
export function addSystemRoutes(app: Api, ports: ApiPorts, access: Access): void {
  const { reader, clock, version, disk, settings = [] } = ports;
  const alone = { id: `${hostname()} ${process.pid}`, joinedAt: clock.now() };

  /** Where nobody can share the store, this process is all there is, and has every lease. */
  function nodesOf({ nodes, leases }: Survey) {
    if (nodes === undefined) {
      const held = leases.map((each) => ({ ...each, owner: alone.id }));
      return [nodeView({ ...alone, isThis: true, version, aliveUntil: undefined }, held)];
    }
    return nodes.map((node) => nodeView(node, leases));
  }

  app.get("/v1/nodes", { onRequest: access.admin }, async () => ({
    data: nodesOf(await reader.survey()),
    next_cursor: null,
  }));

  app.get("/v1/system", { onRequest: access.admin }, async () => {
    const { database, migrations, leases, nodes } = await reader.survey();
    const owner = nodes === undefined ? alone.id : null;
    return {
      version,
      database: { ...database, version: database.version ?? null },
      migrations,
      disk_free_bytes: disk?.freeBytes ?? null,
      is_accepting: disk?.isNearlyFull !== true,
      shards: leases.map((each) => ({
        shard: each.lease,
        node: each.owner ?? owner,
        epoch: each.epoch,
        held_until: timestampOrNull(each.heldUntil),
      })),
      settings,
    };
  });
}

type ShownNode = Omit<SurveyedNode, "aliveUntil"> & { readonly aliveUntil: number | undefined };

function nodeView(node: ShownNode, leases: Survey["leases"]) {
  const { id, isThis, version, joinedAt, aliveUntil } = node;
  return {
    id,
    is_this: isThis,
    version: version ?? null,
    joined_at: timestampOrNull(joinedAt),
    alive_until: timestampOrNull(aliveUntil),
    shards: leases.filter(({ owner }) => owner === id).map(({ lease }) => lease),
  };
}
