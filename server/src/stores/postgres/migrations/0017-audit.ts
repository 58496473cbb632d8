/**
 * Who changed what by the API: ids only. `tenant` is a tenant's id, and null for what is the installation's;
 * `resource` is a JSON object of ids.
 */
export const AUDIT = `
CREATE TABLE audit (
  number BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  at BIGINT NOT NULL CHECK (at >= 0),
  by_kind TEXT NOT NULL CHECK (by_kind IN ('admin', 'tenant', 'portal')),
  by_key TEXT,
  by_session TEXT,
  tenant TEXT,
  action TEXT NOT NULL,
  resource TEXT NOT NULL CHECK (json_typeof(resource::json) = 'object'),
  request_id TEXT NOT NULL,
  status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299)
);

CREATE INDEX audit_by_time ON audit (at, number);
CREATE INDEX audit_of_tenant ON audit (tenant, at, number) WHERE tenant IS NOT NULL;
`;
