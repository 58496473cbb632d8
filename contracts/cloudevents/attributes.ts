import type { ContractEndpoint, ContractEvent } from "../contract.ts";
import { cloudEventsSettings } from "./settings.ts";

/** Returns the context attributes of an event, extensions last; `datacontenttype` is not among them. */
export function attributesOf(
  { settings, tenantId }: ContractEndpoint,
  { id, type, subject, occurredAt, extensions }: ContractEvent,
): readonly (readonly [name: string, value: string | number | boolean])[] {
  const source = cloudEventsSettings.source.read(settings) ?? `/tenants/${tenantId}`;
  return [
    ["specversion", "1.0"],
    ["id", id],
    ["source", source],
    ["type", type],
    ...(subject === undefined ? [] : ([["subject", subject]] as const)),
    ["time", new Date(occurredAt).toISOString()],
    ...(extensions === undefined ? [] : Object.entries(extensions)),
  ];
}
