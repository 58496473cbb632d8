import { ACCEPTING_MUTATIONS } from "./accepting.ts";
import { AUDIT_MUTATIONS } from "./audit.ts";
import { CLOCK_MUTATIONS } from "./clock.ts";
import { COMMAND_MUTATIONS } from "./commands.ts";
import { DASHBOARD_MUTATIONS } from "./dashboard.ts";
import { DIRECTORY_MUTATIONS } from "./directory.ts";
import { EDITOR_MUTATIONS } from "./editor.ts";
import { ENGINE_MUTATIONS } from "./engine.ts";
import { GAP_MUTATIONS } from "./gaps.ts";
import { HANDSHAKE_MUTATIONS } from "./handshake.ts";
import { LANE_MUTATIONS } from "./lanes.ts";
import { LIVE_MUTATIONS } from "./live.ts";
import { MOVING_MUTATIONS } from "./moving.ts";
import type { Mutation } from "./mutation.ts";
import { NODE_MUTATIONS } from "./nodes.ts";
import { OUTBOUND_MUTATIONS } from "./outbound.ts";
import { OUTCOME_MUTATIONS } from "./outcomes.ts";
import { RECEIVER_MUTATIONS } from "./receiver.ts";
import { REPLAY_MUTATIONS } from "./replays.ts";
import { RETENTION_MUTATIONS } from "./retention.ts";
import { SCHEMA_MUTATIONS } from "./schemas.ts";
import { SCREEN_MUTATIONS } from "./screens.ts";
import { SERVING_MUTATIONS } from "./serving.ts";
import { STORE_MUTATIONS } from "./stores.ts";
import { TELLING_MUTATIONS } from "./telling.ts";
import { TRACING_MUTATIONS } from "./tracing.ts";

/** Every guard that is taken out once, to see a test fail. Add yours to the list of its part. */
export const MUTATIONS: readonly Mutation[] = [
  ...AUDIT_MUTATIONS,
  ...ACCEPTING_MUTATIONS,
  ...CLOCK_MUTATIONS,
  ...COMMAND_MUTATIONS,
  ...DASHBOARD_MUTATIONS,
  ...EDITOR_MUTATIONS,
  ...OUTBOUND_MUTATIONS,
  ...ENGINE_MUTATIONS,
  ...LANE_MUTATIONS,
  ...OUTCOME_MUTATIONS,
  ...HANDSHAKE_MUTATIONS,
  ...STORE_MUTATIONS,
  ...GAP_MUTATIONS,
  ...DIRECTORY_MUTATIONS,
  ...RECEIVER_MUTATIONS,
  ...REPLAY_MUTATIONS,
  ...NODE_MUTATIONS,
  ...RETENTION_MUTATIONS,
  ...MOVING_MUTATIONS,
  ...SCHEMA_MUTATIONS,
  ...SCREEN_MUTATIONS,
  ...SERVING_MUTATIONS,
  ...LIVE_MUTATIONS,
  ...TELLING_MUTATIONS,
  ...TRACING_MUTATIONS,
];
