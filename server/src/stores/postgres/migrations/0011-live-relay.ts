/**
 * Which tenants a node's readers watch, 0 being all; and what owners tell the nodes that watch. It is of use
 * for seconds: no crash has to leave anything of it.
 */
export const LIVE_RELAY = `
ALTER TABLE node
  ADD COLUMN watches BIGINT[] NOT NULL DEFAULT '{}',
  ADD COLUMN watches_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity';

-- Not the table's own: one that is not logged is broken on a standby that is promoted.
CREATE SEQUENCE live_relay_number;

CREATE UNLOGGED TABLE live_relay (
  number BIGINT NOT NULL DEFAULT nextval('live_relay_number') PRIMARY KEY,
  holder TEXT NOT NULL,
  told_at TIMESTAMPTZ NOT NULL,
  facts TEXT NOT NULL,
  left_out BIGINT NOT NULL
);
`;
