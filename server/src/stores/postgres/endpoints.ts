import type { Endpoint, EndpointVersion, EndpointWithoutSecrets } from "../../model/endpoint.ts";
import { type Rotation, rotated, type SealedSecret } from "../../model/secret.ts";
import type { EndpointChange, EndpointDraft } from "../../registry.ts";
import { BadColumn, integerIn, type Row, textIn } from "../columns.ts";
import { textOfConfig } from "../endpoint-config.ts";
import { firstSecrets } from "../first-secrets.ts";
import { joinedEndpoints, joinedWithoutSecrets } from "../joined-endpoints.ts";
import { endpointOf, secretOf } from "../registry-rows.ts";
import { entersState, nextVersion } from "../version.ts";
import { bigints, byteas, texts } from "./binary-arrays.ts";
import type { Database, Session, Value } from "./database.ts";
import { eventColumns } from "./event-columns.ts";
import { READ_ENDPOINTS_OF, READ_SECRETS_OF, READ_VERSIONS_OF } from "./queries/read-endpoints.ts";
import { CHANGE_ENDPOINT, CREATE_ENDPOINT, NEXT_ENDPOINT, ROTATE_SECRET } from "./queries/registry.ts";
import type { TenantShards } from "./tenant-shards.ts";
import type { OffsetTime } from "./time.ts";

/** An endpoint as it was read, and what says that nobody has changed it since. */
export interface ReadEndpoint {
  readonly endpoint: Endpoint;
  readonly shard: number;
  readonly revision: number;
}

type Change = Omit<EndpointChange, "tenant" | "endpoint" | "seen">;

/** Writes endpoints, each change by one statement. */
export interface EndpointWriter {
  /** Undefined: a tenant was deleted since `deletions` was seen. */
  create(draft: EndpointDraft, at: { shard: number; deletions: number }): Promise<Endpoint | undefined>;
  /** Undefined: the endpoint was changed since it was read. */
  change(read: ReadEndpoint, change: Change): Promise<Endpoint | undefined>;
  /** As `change`. */
  rotate(read: ReadEndpoint, rotation: Rotation): Promise<Endpoint | "too_many_secrets" | undefined>;
}

export async function readEndpoints(
  session: Session,
  query: string,
  ...values: readonly Value[]
): Promise<readonly ReadEndpoint[]> {
  const rows = await session.rows(query, ...values);
  return rows.map((row) => ({
    endpoint: endpointOf(row, {
      secrets: secretsIn(row),
      versions: partsIn(row, "versions"),
    }),
    shard: integerIn(row, "shard"),
    revision: integerIn(row, "revision"),
  }));
}

/** Reads a tenant's endpoints in their order, deleted ones too: there may be ten thousand. */
export function readEndpointsOf(database: Database, tenant: number): Promise<readonly Endpoint[]> {
  return database.snapshot(async (session) =>
    joinedEndpoints({
      endpoints: await session.rows(READ_ENDPOINTS_OF, tenant),
      secrets: await session.rows(READ_SECRETS_OF, tenant),
      versions: await session.rows(READ_VERSIONS_OF, tenant),
    }),
  );
}

/** As `readEndpointsOf`, for whoever makes no requests to them. */
export function readWithoutSecrets(
  database: Database,
  tenant: number,
): Promise<readonly EndpointWithoutSecrets[]> {
  return database.snapshot(async (session) =>
    joinedWithoutSecrets({
      endpoints: await session.rows(READ_ENDPOINTS_OF, tenant),
      versions: await session.rows(READ_VERSIONS_OF, tenant),
    }),
  );
}

function secretsIn(row: Row): readonly SealedSecret[] {
  return partsIn(row, "secrets").map((part) => secretOf({ ...part, sealed: sealedIn(part) }));
}

/** Rows that came within another, as JSON; NULL: none. */
function partsIn(row: Row, name: string): readonly Row[] {
  const parts: unknown = row[name] === null ? [] : JSON.parse(textIn(row, name));
  if (!Array.isArray(parts)) {
    throw new BadColumn(`stored ${name} are an array, got ${typeof parts}`);
  }
  return parts.map((part: unknown) => ({ ...(typeof part === "object" ? part : {}) }));
}

function sealedIn(part: Row): Uint8Array {
  return Uint8Array.fromHex(textIn(part, "sealed"));
}

export interface EndpointWriterPorts {
  readonly offsetTime: OffsetTime;
  readonly shards: TenantShards;
}

export function createEndpointWriter(
  session: Session,
  { offsetTime, shards }: EndpointWriterPorts,
): EndpointWriter {
  /** Returns the changed endpoint; undefined if it is not as it was read. */
  async function write(
    { endpoint, shard, revision }: ReadEndpoint,
    { config, raises, now, ...rest }: Change,
    secrets?: readonly SealedSecret[],
  ): Promise<Endpoint | undefined> {
    const told = raises !== undefined && entersState(endpoint, rest) ? [raises] : [];
    const isElsewhere = raises !== undefined && (await shards.of(raises.tenant)) !== shard;
    const draft = nextVersion(endpoint, rest, { since: 0, change: 0 });
    const [row] = await session.rows(
      secrets === undefined ? CHANGE_ENDPOINT : ROTATE_SECRET,
      shard,
      endpoint.number,
      offsetTime(),
      revision,
      config && textOfConfig(config),
      now,
      draft.state,
      draft.reason,
      eventTypesText(draft),
      ...eventColumns(told),
      isElsewhere ? 1 : 0,
      ...(secrets === undefined ? [] : secretColumns(secrets)),
    );
    return (
      row && {
        ...endpoint,
        config: config ?? endpoint.config,
        secrets: secrets ?? endpoint.secrets,
        versions: [...endpoint.versions, versionAt(row, draft)],
        updatedAt: now,
      }
    );
  }

  return {
    async create(draft, { shard, deletions }) {
      const { tenant, contract, config, state, eventTypes, now } = draft;
      const [numbered = {}] = await session.rows(NEXT_ENDPOINT);
      const number = integerIn(numbered, "number");
      const secrets = firstSecrets(draft, number);
      const version = { since: 0, change: 0, state, reason: undefined, eventTypes };
      const [row] = await session.rows(
        CREATE_ENDPOINT,
        shard,
        deletions,
        offsetTime(),
        number,
        tenant,
        contract,
        textOfConfig(config),
        now,
        ...secretColumns(secrets),
        state,
        eventTypesText(version),
      );
      return (
        row && {
          number,
          tenant,
          contract,
          config,
          secrets,
          versions: [versionAt(row, version)],
          createdAt: now,
          updatedAt: now,
        }
      );
    },
    change: (read, change) => write(read, change),
    async rotate(read, rotation) {
      const secrets = rotated(read.endpoint.secrets, rotation);
      return secrets === undefined ? "too_many_secrets" : write(read, { now: rotation.now }, secrets);
    },
  };
}

function versionAt(row: Row, draft: EndpointVersion): EndpointVersion {
  return { ...draft, since: integerIn(row, "since"), change: integerIn(row, "change") };
}

function eventTypesText({ eventTypes }: EndpointVersion): string | undefined {
  return eventTypes && JSON.stringify(eventTypes);
}

function secretColumns(secrets: readonly SealedSecret[]): readonly Buffer[] {
  return [
    bigints(secrets.map(({ number }) => number)),
    byteas(secrets.map(({ sealed }) => sealed)),
    texts(secrets.map(({ publicKey }) => publicKey)),
    bigints(secrets.map(({ createdAt }) => createdAt)),
    bigints(secrets.map(({ expiresAt }) => expiresAt)),
  ];
}
