import { isObject } from "../json-schema/json-value.ts";
import { DEFAULT_CONFIG, type EndpointConfig, type LatestOnlyBy } from "../model/endpoint.ts";
import { jsonIn, type Row } from "./columns.ts";

/** An endpoint's configuration as JSON keeps it: members that are undefined are left out. */
type StoredConfig = { -readonly [Name in keyof EndpointConfig]?: EndpointConfig[Name] } & { url: string };

/** Reads the configuration of an endpoint's row; absent members are undefined again. */
export function configOf(row: Row): EndpointConfig {
  const stored = jsonIn(row, "config", isStoredConfig);
  return {
    url: stored.url,
    description: stored.description,
    headers: stored.headers ?? {},
    maxInFlight: stored.maxInFlight,
    ratePerSecond: stored.ratePerSecond,
    timeoutMs: stored.timeoutMs,
    latestOnlyBy: stored.latestOnlyBy,
    retry: stored.retry,
    metadata: stored.metadata ?? {},
    settings: stored.settings ?? {},
  };
}

/** Stands in for a configuration that cannot be read: nothing can be sent to it. */
export const UNREADABLE_CONFIG: EndpointConfig = { url: "", ...DEFAULT_CONFIG };

export function textOfConfig(config: EndpointConfig): string {
  return JSON.stringify(config);
}

function isStoredConfig(value: unknown): value is StoredConfig {
  if (!isObject(value) || typeof value["url"] !== "string") {
    return false;
  }
  const { description, headers, maxInFlight, ratePerSecond, timeoutMs, latestOnlyBy } = value;
  const { retry, metadata, settings } = value;
  return (
    isAbsentOr(description, "string") &&
    [maxInFlight, ratePerSecond, timeoutMs].every((each) => each === undefined || isAbove(each, 0)) &&
    (latestOnlyBy === undefined || isLatestOnlyBy(latestOnlyBy)) &&
    [headers, metadata].every((each) => each === undefined || areTextsIn(each)) &&
    (settings === undefined || isObject(settings)) &&
    (retry === undefined || isRetry(retry))
  );
}

function isLatestOnlyBy(value: unknown): value is LatestOnlyBy {
  return value === "subject" || value === "type_and_subject";
}

function isRetry(value: unknown): boolean {
  return (
    isObject(value) &&
    Array.isArray(value["delaysMs"]) &&
    value["delaysMs"].every((delay) => Number.isSafeInteger(delay) && isAbove(delay, -1)) &&
    isAbove(value["jitter"], -1)
  );
}

function isAbove(value: unknown, least: number): boolean {
  return typeof value === "number" && value > least;
}

function areTextsIn(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((each) => typeof each === "string");
}

function isAbsentOr(value: unknown, type: "string" | "number"): boolean {
  return value === undefined || typeof value === type;
}
