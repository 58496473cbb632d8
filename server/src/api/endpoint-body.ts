import { type Static, Type } from "typebox";
import { DAY_MS } from "../model/duration.ts";
import { DEFAULT_CONFIG, type EndpointConfig } from "../model/endpoint.ts";
import { orNull, taken } from "./changeable-member.ts";

const changeable = {
  event_types: orNull(
    Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
      minItems: 1,
      maxItems: 100,
      description: "Names, or globs in which * stands for any text. Default: every type.",
    }),
  ),
  description: orNull(Type.String({ maxLength: 1000, description: "For people." })),
  enabled: Type.Optional(Type.Boolean({ description: "False: nothing is owed to it. Default: true." })),
  headers: orNull(
    Type.Record(Type.String(), Type.String(), {
      maxProperties: 32,
      description: "Sent with every request, beside the contract's own.",
    }),
  ),
  max_in_flight: orNull(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: "Requests at a time, where the contract has no order. Default: the contract's.",
    }),
  ),
  rate_per_second: orNull(
    Type.Number({ minimum: 0.01, maximum: 10_000, description: "Requests at most. Default: any number." }),
  ),
  timeout_ms: orNull(
    Type.Integer({
      minimum: 100,
      maximum: 60_000,
      description:
        "For an attempt, from looking its host up to the end of the answer. Default: the contract's.",
    }),
  ),
  latest_only_by: orNull(
    Type.Enum(["subject", "type_and_subject"], {
      description: "What makes events states of one thing: only the newest that waits is sent. Default: all.",
    }),
  ),
  retry: orNull(
    Type.Object(
      {
        delays_ms: Type.Array(Type.Integer({ minimum: 0, maximum: 30 * DAY_MS }), {
          maxItems: 100,
          description: "Before each further attempt, since the one before; after the last it is dead.",
        }),
        jitter: Type.Optional(
          Type.Number({
            minimum: 0,
            maximum: 1,
            description: "So much of each delay, at most, is added or taken away by chance. Default: 0.",
          }),
        ),
      },
      {
        additionalProperties: false,
        description: "When it is tried again. Default: the contract's schedule.",
      },
    ),
  ),
  metadata: orNull(
    Type.Record(Type.String(), Type.String({ maxLength: 1000 }), {
      maxProperties: 50,
      description: "Of your own, kept and shown.",
    }),
  ),
  settings: orNull(
    Type.Record(Type.String(), Type.Unknown(), { maxProperties: 50, description: "The contract's own." }),
  ),
};

export const SecretText = Type.String({
  minLength: 1,
  maxLength: 512,
  description: "In the form that the contract wants. Default: one is made.",
});

const url = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: "Where requests go: http or https, at an address that may be called.",
});
const contract = Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Null()], {
  description: "By name; it stays for good. Default: the tenant's.",
});

export const NewEndpointBody = Type.Object(
  {
    url,
    contract: Type.Optional(contract),
    secret: orNull(SecretText),
    ...changeable,
  },
  { additionalProperties: false },
);

export const EndpointChangeBody = Type.Object(
  { url: Type.Optional(url), contract: Type.Optional(contract), ...changeable },
  { additionalProperties: false },
);

export type NewEndpoint = Static<typeof NewEndpointBody>;
export type EndpointChangeRequest = Static<typeof EndpointChangeBody>;

/**
 * Returns the configuration that a body asks for; what is absent stays as it was, what is null becomes the
 * default.
 */
export function configOf(body: NewEndpoint | EndpointChangeRequest, before?: EndpointConfig): EndpointConfig {
  const known = before ?? { url: "", ...DEFAULT_CONFIG };
  const { url: newUrl, description, headers, metadata, settings, retry } = body;
  return {
    url: newUrl ?? known.url,
    description: taken(description, known.description, undefined),
    headers: taken(headers, known.headers, DEFAULT_CONFIG.headers),
    maxInFlight: taken(body.max_in_flight, known.maxInFlight, undefined),
    ratePerSecond: taken(body.rate_per_second, known.ratePerSecond, undefined),
    latestOnlyBy: taken(body.latest_only_by, known.latestOnlyBy, undefined),
    timeoutMs: taken(body.timeout_ms, known.timeoutMs, undefined),
    retry: taken(
      retry && { delaysMs: retry.delays_ms, jitter: retry.jitter ?? 0 },
      known.retry,
      DEFAULT_CONFIG.retry,
    ),
    metadata: taken(metadata, known.metadata, DEFAULT_CONFIG.metadata),
    settings: taken(settings, known.settings, DEFAULT_CONFIG.settings),
  };
}
