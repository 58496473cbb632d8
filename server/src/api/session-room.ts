import { isSession, sessionKindOf } from "../api-key.ts";
import type { ApiKey } from "../model/tenant.ts";
import type { ApiPorts } from "./ports.ts";

/** Of one tenant, or of the administrators, and of each kind; a new one ends the oldest. */
const SESSIONS_MAX = 100;

/** Makes room for one more session of a kind, and forgets those that are over. */
export async function makeRoom(
  { registry, clock }: ApiPorts,
  tenant: number | undefined,
  kind: ReturnType<typeof sessionKindOf>,
): Promise<void> {
  const rows = await registry.listKeys(tenant);
  const sessions = rows.filter((row) => isSession(row) && sessionKindOf(row) === kind);
  const isLive = ({ expiresAt = 0 }: ApiKey) => expiresAt > clock.now();
  const over = [
    ...sessions.filter((each) => !isLive(each)),
    ...sessions.filter(isLive).slice(SESSIONS_MAX - 1),
  ];
  for (const { id } of over) {
    await registry.deleteKey(tenant, id);
  }
}
