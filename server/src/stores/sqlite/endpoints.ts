import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Clock } from "../../clock.ts";
import type { Endpoint, EndpointVersion } from "../../model/endpoint.ts";
import { nextOffset } from "../../model/offset.ts";
import type { EndpointChange, EndpointDraft } from "../../registry.ts";
import { type ChangePlace, nextVersion } from "../version.ts";
import { integerIn } from "./columns.ts";
import { textOfConfig } from "./config.ts";
import { LEASE } from "./lease.ts";
import { READ_HEAD, TAKE_CHANGE } from "./queries/log.ts";
import {
  INSERT_ENDPOINT,
  INSERT_SECRET,
  INSERT_VERSION,
  READ_SECRETS,
  READ_VERSIONS,
  UPDATE_ENDPOINT,
} from "./queries/registry.ts";
import { endpointOf, secretOf, versionOf } from "./rows.ts";

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
        versions: versions.all(number).map(versionOf),
      });
    });
}

/** Writes endpoints inside a transaction. */
export interface EndpointWriter {
  create(draft: EndpointDraft): Endpoint;
  change(endpoint: Endpoint, change: Omit<EndpointChange, "tenant" | "endpoint" | "seen">): Endpoint;
}

export function prepareEndpointWriter(database: DatabaseSync, clock: Clock): EndpointWriter {
  const readHead = database.prepare(READ_HEAD);
  const takeChange = database.prepare(TAKE_CHANGE);
  const insertEndpoint = database.prepare(INSERT_ENDPOINT);
  const updateEndpoint = database.prepare(UPDATE_ENDPOINT);
  const insertSecret = database.prepare(INSERT_SECRET);
  const insertVersion = database.prepare(INSERT_VERSION);

  function takePlace(): ChangePlace {
    const since = nextOffset(integerIn(readHead.get(LEASE) ?? {}, "head"), clock.now());
    return { since, change: integerIn(takeChange.get(LEASE, since) ?? {}, "changes") };
  }

  function writeVersion(endpoint: number, version: EndpointVersion): void {
    const { since, change, state, reason, eventTypes } = version;
    const types = eventTypes === undefined ? null : JSON.stringify(eventTypes);
    insertVersion.run(endpoint, since, change, state, reason ?? null, types);
  }

  return {
    create({ tenant, contract, config, state, eventTypes, seal, now }) {
      const row = insertEndpoint.get(tenant, contract, textOfConfig(config), now) ?? {};
      const number = integerIn(row, "number");
      const sealed = seal?.(number);
      const secrets =
        sealed === undefined ? [] : [{ number: 1, sealed, createdAt: now, expiresAt: undefined }];
      for (const secret of secrets) {
        insertSecret.run(number, secret.number, secret.sealed, secret.createdAt, null);
      }
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
    change(endpoint, { config = endpoint.config, now, ...change }) {
      const version = nextVersion(endpoint, change, takePlace());
      const deletedAt = version.state === "deleted" ? now : null;
      updateEndpoint.run(endpoint.number, textOfConfig(config), now, deletedAt);
      writeVersion(endpoint.number, version);
      return { ...endpoint, config, versions: [...endpoint.versions, version], updatedAt: now };
    },
  };
}
