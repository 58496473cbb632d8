/** Event types that tenants register, every schema that each name has had, and how tenants validate. */
export const EVENT_TYPES = `
ALTER TABLE tenant ADD COLUMN validation TEXT NOT NULL DEFAULT 'off'
  CHECK (validation IN ('off', 'warn', 'reject'));

ALTER TABLE tenant ADD COLUMN event_types_revision INTEGER NOT NULL DEFAULT 0
  CHECK (event_types_revision >= 0);

-- schema_version is 0 while the name has had no schema. A row stays when its type is taken away, so that the
-- versions of its schema count on.
CREATE TABLE event_type (
  tenant INTEGER NOT NULL REFERENCES tenant,
  name TEXT NOT NULL,
  description TEXT,
  example TEXT CHECK (json_valid(example)),
  validation TEXT CHECK (validation IN ('off', 'warn', 'reject')),
  is_deprecated INTEGER NOT NULL CHECK (is_deprecated IN (0, 1)),
  successor TEXT,
  schema_version INTEGER NOT NULL CHECK (schema_version >= 0),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

-- schema is NULL for a version that took the schema away.
CREATE TABLE event_type_schema (
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  schema TEXT CHECK (json_type(schema) IN ('object', 'true', 'false')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, name, version),
  FOREIGN KEY (tenant, name) REFERENCES event_type
) STRICT;
`;
