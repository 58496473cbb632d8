import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { Endpoint, EndpointVersion, EndpointWithoutSecrets } from "../../model/endpoint.ts";
import { nextOffset } from "../../model/offset.ts";
import { type Rotation, rotated, type SealedSecret } from "../../model/secret.ts";
import { submissionOf } from "../../raised.ts";
import type { EndpointChange, EndpointDraft } from "../../registry.ts";
import { integerIn } from "../columns.ts";
import { textOfConfig } from "../endpoint-config.ts";
import { firstSecrets } from "../first-secrets.ts";
import { joinedEndpoints, joinedWithoutSecrets } from "../joined-endpoints.ts";
import { endpointOf, secretOf } from "../registry-rows.ts";
import { type ChangePlace, entersState, nextVersion } from "../version.ts";
import { prepareAppend } from "./append.ts";
import { LEASE } from "./lease.ts";
import { READ_HEAD, TAKE_CHANGE } from "./queries/log.ts";
import {
  DELETE_SECRETS,
  INSERT_ENDPOINT,
  INSERT_SECRET,
  INSERT_VERSION,
  READ_ENDPOINTS_OF,
  READ_SECRETS,
  READ_SECRETS_OF,
  READ_VERSIONS,
  READ_VERSIONS_OF,
  UPDATE_ENDPOINT,
} from "./queries/registry.ts";

/** Prepares a query of endpoint rows, which reads each with its secrets and versions. */
export function prepareEndpointQuery(
  database: DatabaseSync,
  query: string,
): (...parameters: SQLInputValue[]) => Endpoint[] {
  const endpoints = database.prepare(query);
  const secrets = database.prepare(READ_SECRETS);
  const versions = database.prepare(READ_VERSIONS);
  return (...parameters) =>
    endpoints.all(...parameters).map((row) => {
      const number = integerIn(row, "number");
      return endpointOf(row, {
        secrets: secrets.all(number).map(secretOf),
        versions: versions.all(number),
      });
    });
}

/** Prepares reading all endpoints of a tenant: by three statements, as there may be ten thousand of them. */
export function prepareReadEndpointsOf(database: DatabaseSync): (tenant: number) => Endpoint[] {
  const endpoints = database.prepare(READ_ENDPOINTS_OF);
  const secrets = database.prepare(READ_SECRETS_OF);
  const versions = database.prepare(READ_VERSIONS_OF);
  return (tenant) =>
    joinedEndpoints({
      endpoints: endpoints.all(tenant),
      secrets: secrets.all(tenant),
      versions: versions.all(tenant),
    });
}

/** As `prepareReadEndpointsOf`, for whoever makes no requests to them. */
export function prepareReadWithoutSecrets(
  database: DatabaseSync,
): (tenant: number) => EndpointWithoutSecrets[] {
  const endpoints = database.prepare(READ_ENDPOINTS_OF);
  const versions = database.prepare(READ_VERSIONS_OF);
  return (tenant) =>
    joinedWithoutSecrets({ endpoints: endpoints.all(tenant), versions: versions.all(tenant) });
}

/** Writes endpoints inside a transaction. */
export interface EndpointWriter {
  create(draft: EndpointDraft): Endpoint;
  change(endpoint: Endpoint, change: Omit<EndpointChange, "tenant" | "endpoint" | "seen">): Endpoint;
  rotate(endpoint: Endpoint, rotation: Rotation): Endpoint | "too_many_secrets";
}

export function prepareEndpointWriter(database: DatabaseSync, clock: Clock): EndpointWriter {
  const readHead = database.prepare(READ_HEAD);
  const takeChange = database.prepare(TAKE_CHANGE);
  const insertEndpoint = database.prepare(INSERT_ENDPOINT);
  const updateEndpoint = database.prepare(UPDATE_ENDPOINT);
  const deleteSecrets = database.prepare(DELETE_SECRETS);
  const insertSecret = database.prepare(INSERT_SECRET);
  const insertVersion = database.prepare(INSERT_VERSION);
  const append = prepareAppend(database, clock);

  function takePlace(): ChangePlace {
    const since = nextOffset(integerIn(readHead.get(LEASE) ?? {}, "head"), clock.now());
    return { since, change: integerIn(takeChange.get(LEASE, since) ?? {}, "changes") };
  }

  function writeVersion(endpoint: number, version: EndpointVersion): void {
    const { since, change, state, reason, eventTypes } = version;
    const types = eventTypes === undefined ? null : JSON.stringify(eventTypes);
    insertVersion.run(endpoint, since, change, state, reason ?? null, types);
  }

  function writeSecrets(endpoint: number, secrets: readonly SealedSecret[]): void {
    deleteSecrets.run(endpoint);
    for (const { number, sealed, publicKey, createdAt, expiresAt } of secrets) {
      insertSecret.run(endpoint, number, sealed, publicKey ?? null, createdAt, expiresAt ?? null);
    }
  }

  function writeChange(
    endpoint: Endpoint,
    { config, raises, now, ...rest }: Omit<EndpointChange, "tenant" | "endpoint" | "seen">,
  ): Endpoint {
    const version = nextVersion(endpoint, rest, takePlace());
    const deletedAt = version.state === "deleted" ? now : null;
    updateEndpoint.run(endpoint.number, config === undefined ? null : textOfConfig(config), now, deletedAt);
    writeVersion(endpoint.number, version);
    if (raises !== undefined && entersState(endpoint, rest)) {
      append([submissionOf(raises)]);
    }
    const versions = [...endpoint.versions, version];
    return { ...endpoint, config: config ?? endpoint.config, versions, updatedAt: now };
  }

  return {
    create(draft) {
      const { tenant, contract, config, state, eventTypes, now } = draft;
      const row = insertEndpoint.get(tenant, contract, textOfConfig(config), now) ?? {};
      const number = integerIn(row, "number");
      const secrets = firstSecrets(draft, number);
      writeSecrets(number, secrets);
      const version = { ...takePlace(), state, reason: undefined, eventTypes };
      writeVersion(number, version);
      return {
        number,
        tenant,
        contract,
        config,
        secrets,
        versions: [version],
        createdAt: now,
        updatedAt: now,
      };
    },
    change: writeChange,
    rotate(endpoint, rotation) {
      const secrets = rotated(endpoint.secrets, rotation);
      if (secrets === undefined) {
        return "too_many_secrets";
      }
      writeSecrets(endpoint.number, secrets);
      return { ...writeChange(endpoint, { now: rotation.now }), secrets };
    },
  };
}
