import type { FastifyRequest } from "fastify";
import { Problem } from "../problem.ts";
import type { OpenAnswers } from "./open-answers.ts";
import type { Api } from "./ports.ts";

/**
 * The room for requests' bodies, from before they are read until they are answered, whether they are slow to
 * come or wait to be stored. A body takes as much as it says it has, or may have; small ones take none, since
 * the number of connections bounds them.
 */
export interface BodyRoom {
  /** Takes room for a body; false where there is none, in all or for this tenant. */
  take(body: Body): boolean;
  giveBack(body: Body): void;
}

export interface Body {
  readonly bytes: number;
  /** The tenant's number; undefined: it is no tenant's. */
  readonly tenant: number | undefined;
}

export interface BodyRoomLimits {
  readonly bytesMax: number;
  /** What one tenant may have of it, so that its slow uploads keep nobody else out. */
  readonly tenantBytesMax: number;
  /** Bodies up to here take none. */
  readonly smallBytesMax: number;
}

const KIB = 1024;

const LIMITS: BodyRoomLimits = {
  bytesMax: 128 * KIB * KIB,
  tenantBytesMax: 64 * KIB * KIB,
  smallBytesMax: 64 * KIB,
};

/** Refuses bodies that there is no room for, once it is known who sends them and before they are read. */
export function addBodyRoom(app: Api, open: OpenAnswers, limits = LIMITS): void {
  const room = createBodyRoom(limits);
  app.addHook("preParsing", async (request, reply) => {
    const body = { bytes: bytesOf(request), tenant: request.tenant?.number };
    if (!room.take(body)) {
      throw new Problem("overloaded", "Too many large bodies are on their way; try again in a moment.");
    }
    open.whenOver(reply.raw, () => room.giveBack(body));
  });
}

function bytesOf({ headers, routeOptions }: FastifyRequest): number {
  const { bodyLimit } = routeOptions;
  const length = headers["content-length"];
  return headers["transfer-encoding"] === undefined ? Math.min(Number(length ?? 0), bodyLimit) : bodyLimit;
}

export function createBodyRoom({ bytesMax, tenantBytesMax, smallBytesMax }: BodyRoomLimits): BodyRoom {
  const takenByTenant = new Map<number | undefined, number>();
  let taken = 0;

  return {
    take({ bytes, tenant }) {
      if (bytes <= smallBytesMax) {
        return true;
      }
      const ofTenant = takenByTenant.get(tenant) ?? 0;
      if (taken + bytes > bytesMax || ofTenant + bytes > tenantBytesMax) {
        return false;
      }
      taken += bytes;
      takenByTenant.set(tenant, ofTenant + bytes);
      return true;
    },
    giveBack({ bytes, tenant }) {
      if (bytes <= smallBytesMax) {
        return;
      }
      taken -= bytes;
      const left = (takenByTenant.get(tenant) ?? 0) - bytes;
      if (left > 0) {
        takenByTenant.set(tenant, left);
      } else {
        takenByTenant.delete(tenant);
      }
    },
  };
}
