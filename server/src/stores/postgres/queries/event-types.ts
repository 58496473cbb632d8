// Event types of tenants, and every schema that a name has had.

const EVENT_TYPE = `
  SELECT event_type.tenant, event_type.name, description, schema, schema_version, example, validation,
    is_deprecated, successor, revision, event_type.created_at, updated_at
  FROM event_type
  LEFT JOIN event_type_schema
    ON event_type_schema.tenant = event_type.tenant
    AND event_type_schema.name = event_type.name
    AND version = schema_version`;

export const FIND_EVENT_TYPE = `${EVENT_TYPE}
  WHERE event_type.tenant = $1
    AND event_type.name = $2
    AND deleted_at IS NULL`;

export const LIST_EVENT_TYPES = `${EVENT_TYPE}
  WHERE event_type.tenant = $1
    AND event_type.name > $2
    AND deleted_at IS NULL
  ORDER BY event_type.name
  LIMIT $3`;

export const READ_EVENT_TYPE_RULES = `
  SELECT event_type.name, validation, schema_version, (schema IS NOT NULL)::integer AS has_schema
  FROM event_type
  LEFT JOIN event_type_schema
    ON event_type_schema.tenant = event_type.tenant
    AND event_type_schema.name = event_type.name
    AND version = schema_version
  WHERE event_type.tenant = $1
    AND deleted_at IS NULL
  ORDER BY event_type.name`;

export const COUNT_EVENT_TYPES = `
  SELECT count(*) AS count
  FROM event_type
  WHERE tenant = $1
    AND deleted_at IS NULL`;

/** Keeps other changes of a tenant's event types out until the transaction ends. */
export const LOCK_TENANT = `
  SELECT number
  FROM tenant
  WHERE number = $1
    AND deleted_at IS NULL
  FOR UPDATE`;

export const TAKE_REVISION = `
  UPDATE tenant
  SET event_types_revision = event_types_revision + 1
  WHERE number = $1
  RETURNING event_types_revision`;

export const PUT_EVENT_TYPE = `
  INSERT INTO event_type (tenant, name, description, example, validation, is_deprecated, successor,
    schema_version, revision, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
  ON CONFLICT (tenant, name) DO UPDATE
  SET description = excluded.description,
      example = excluded.example,
      validation = excluded.validation,
      is_deprecated = excluded.is_deprecated,
      successor = excluded.successor,
      schema_version = excluded.schema_version,
      revision = excluded.revision,
      created_at = CASE
        WHEN event_type.deleted_at IS NULL THEN event_type.created_at
        ELSE excluded.created_at
      END,
      updated_at = excluded.updated_at,
      deleted_at = NULL`;

export const DELETE_EVENT_TYPE = `
  UPDATE event_type
  SET deleted_at = $3
  WHERE tenant = $1
    AND name = $2
    AND deleted_at IS NULL`;

export const INSERT_SCHEMA_VERSION = `
  INSERT INTO event_type_schema (tenant, name, version, schema, created_at)
  VALUES ($1, $2, $3, $4, $5)`;

export const LIST_SCHEMA_VERSIONS = `
  SELECT version, schema, created_at
  FROM event_type_schema
  WHERE tenant = $1
    AND name = $2
    AND version < $3
  ORDER BY version DESC
  LIMIT $4`;
