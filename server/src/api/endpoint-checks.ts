import type { Catalogue, Contract } from "@posthorn/contracts/contract";
import { headerProblem } from "../header-field.ts";
import { escapedPointerPart } from "../json-pointer.ts";
import type { EndpointConfig } from "../model/endpoint.ts";
import { Problem, type WrongMember } from "../problem.ts";
import { isText } from "./event-text.ts";
import { WRONG_MEMBERS_MAX } from "./schema-problem.ts";

export interface EndpointToCheck {
  readonly contract: Contract;
  readonly config: EndpointConfig;
  /** Only a new endpoint's. */
  readonly secret: string | undefined;
  /** What a changed endpoint keeps, where its settings may not fit it. Default: none. */
  readonly keptSecrets?: readonly string[];
  /** Undefined: every type, or as before. */
  readonly eventTypes: readonly string[] | undefined;
}

const EVENT_TYPE_FORM = /^[^\p{Cc},]+$/u;
const METADATA_NAME_LENGTH_MAX = 64;

// What the sender or a contract sets itself, in lower case. A second spelling of one of these would let a
// caller forge a signature header, or make two readers see two requests.
const HEADERS_RESERVED = new Set(["content-encoding", "content-type", "user-agent", "x-bspk-secret"]);
const PREFIXES_RESERVED = ["webhook-", "proxy-", "x-signature", "x-bh-", "ce-"];

/** Throws the Problem that names every wrong member of an endpoint. */
export function checkEndpoint(asked: EndpointToCheck, urlProblem: (url: string) => string | undefined): void {
  const { contract, config, secret, keptSecrets = [], eventTypes } = asked;
  const urlWrong = urlProblem(config.url);
  const wrong = [
    ...(urlWrong === undefined ? [] : [{ pointer: "/url", detail: urlWrong }]),
    ...contract.checkEndpoint({ url: config.url, secret, keptSecrets, settings: config.settings }),
    ...wrongNames("settings", config.settings),
    ...wrongHeaders(config.headers, contract),
    ...wrongMetadata(config.metadata),
    ...(config.description === undefined ? [] : wrongDescription(config.description)),
    ...(eventTypes ?? []).flatMap((type, index) => wrongEventType(type, index, contract.catalogue)),
  ];
  if (wrong.length > 0) {
    const detail = "Members of the endpoint are not as they must be.";
    throw new Problem("invalid_request", detail, wrong.slice(0, WRONG_MEMBERS_MAX));
  }
}

function wrongHeaders(
  headers: Readonly<Record<string, string>>,
  { reservedHeaders = [] }: Contract,
): readonly WrongMember[] {
  const seen = new Set<string>();
  return Object.entries(headers).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    const isRepeated = seen.has(lower);
    seen.add(lower);
    const isReserved =
      HEADERS_RESERVED.has(lower) ||
      PREFIXES_RESERVED.some((prefix) => lower.startsWith(prefix)) ||
      reservedHeaders.includes(lower);
    const detail = isRepeated
      ? "stands twice: names of headers have no case"
      : isReserved
        ? "is reserved: the sender or a contract sets it"
        : headerProblem(name, value);
    return detail === undefined ? [] : [{ pointer: pointerTo("headers", name), detail }];
  });
}

function wrongMetadata(metadata: Readonly<Record<string, string>>): readonly WrongMember[] {
  const wrongValues = Object.entries(metadata)
    .filter(([, value]) => !value.isWellFormed() || value.includes("\u0000"))
    .map(([name]) => ({
      pointer: pointerTo("metadata", name),
      detail: "must be text without null characters",
    }));
  return [...wrongNames("metadata", metadata), ...wrongValues];
}

function wrongNames(member: string, values: Readonly<Record<string, unknown>>): readonly WrongMember[] {
  return Object.keys(values)
    .filter((name) => name.length > METADATA_NAME_LENGTH_MAX || !isText(name) || name === "__proto__")
    .map((name) => ({
      pointer: pointerTo(member, name),
      detail: `must have a name of 1 to ${METADATA_NAME_LENGTH_MAX} characters, without control characters`,
    }));
}

function wrongDescription(description: string): readonly WrongMember[] {
  const isStorable = description.isWellFormed() && !description.includes("\u0000");
  return isStorable ? [] : [{ pointer: "/description", detail: "must be text without null characters" }];
}

function wrongEventType(type: string, index: number, catalogue: Catalogue): readonly WrongMember[] {
  const pointer = `/event_types/${index}`;
  if (!isText(type, EVENT_TYPE_FORM)) {
    return [{ pointer, detail: "must have no commas and no control characters" }];
  }
  const names = catalogue.eventTypes.map(({ name }) => name);
  if (catalogue.kind === "open" || type.includes("*") || names.includes(type)) {
    return [];
  }
  return [
    {
      pointer,
      detail: `must be one of the contract's ${names.join(", ")}, or a glob; got ${JSON.stringify(type)}`,
    },
  ];
}

function pointerTo(member: string, name: string): string {
  return `/${member}/${escapedPointerPart(name.slice(0, METADATA_NAME_LENGTH_MAX).toWellFormed())}`;
}
