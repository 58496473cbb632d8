import {
  IsDate,
  IsDateTime,
  IsDuration,
  IsEmail,
  IsHostname,
  IsIPv4,
  IsIPv6,
  IsJsonPointer,
  IsTime,
  IsUri,
  IsUriReference,
  IsUuid,
} from "typebox/format";

/** The formats that are checked; any other is a remark. Each takes time in proportion to the text. */
export const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  // The brackets of RFC 9557 are no part of RFC 3339, which JSON Schema means.
  ["date-time", (text: string) => !text.includes("[") && IsDateTime(text)],
  ["date", IsDate],
  ["time", (text: string) => IsTime(text)],
  ["duration", IsDuration],
  ["email", IsEmail],
  ["hostname", IsHostname],
  ["ipv4", IsIPv4],
  ["ipv6", IsIPv6],
  ["json-pointer", IsJsonPointer],
  ["uri", IsUri],
  ["uri-reference", IsUriReference],
  ["uuid", IsUuid],
]);
