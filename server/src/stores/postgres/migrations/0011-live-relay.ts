/**
 * Which tenants a node's readers watch, 0 being all; and what owners tell the nodes that watch. It is of use
 * for seconds: no crash has to leave anything of it.
 */
export const LIVE_RELAY = `
ALTER TABLE node
  ADD COLUMN watches BIGINT[] NOT NULL DEFAULT '{}',
  ADD COLUMN watches_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity';

CREATE UNLOGGED TABLE live_relay (
  number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder TEXT NOT NULL,
  told_at TIMESTAMPTZ NOT NULL,
  facts TEXT NOT NULL,
  left_out BIGINT NOT NULL
);
`;
