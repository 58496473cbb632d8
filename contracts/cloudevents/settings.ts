import { batchSettings } from "../batch-settings.ts";
import { flag, oneOf, text } from "../settings.ts";
import { uriReferenceForm } from "./uri-reference.ts";

const everyMode = {
  /** The attribute `source`. Default: `/tenants/` and the tenant's id. */
  source: text("source", {
    pattern: uriReferenceForm,
    allowed: "a URI or a relative reference of at most 2048 characters",
  }),
  /**
   * Whether requests carry `Authorization: Bearer` and the secret, as the WebHook specification wants it: one
   * is made for an endpoint that comes without. Default: true.
   */
  authorization: flag("authorization", true),
  /**
   * Whether a receiver is asked for permission before anything is sent to it. The WebHook specification wants
   * receivers to have an answer; few do, and one that has none is never sent anything. Default: false.
   */
  handshake: flag("handshake"),
  /** The name by which the sender goes in `WebHook-Request-Origin`. Default: `posthorn`. */
  origin: text("origin", {
    pattern: /^(?=.{1,253}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/,
    allowed: "a DNS name, such as events.shop.example",
  }),
};

/** The settings of an endpoint that is sent one event a request. */
export const cloudEventsSettings = {
  ...everyMode,
  /** The content mode: one JSON document, or attributes in headers and `data` as the body. */
  mode: oneOf("mode", ["structured", "binary"]),
};

/** The settings of an endpoint that is sent batches. */
export const cloudEventsBatchSettings = { ...everyMode, ...batchSettings };
