/** The media type of one event in the JSON format, and of several. */
export const structuredType = "application/cloudevents+json";
export const batchType = "application/cloudevents-batch+json";

/** How an HTTP message carries CloudEvents, in the words of the HTTP binding. */
export type ContentMode = "structured" | "batched" | "binary";

/** The headers that tell the mode, by names in lower case. */
export interface ModeHeaders {
  readonly "content-type"?: string | undefined;
  readonly "ce-specversion"?: string | undefined;
}

/** Tells the mode of a message; undefined where it carries no CloudEvents, or in a format not known here. */
export function contentModeOf(headers: ModeHeaders): ContentMode | undefined {
  const type = mediaTypeOf(headers["content-type"]);
  switch (type) {
    case structuredType:
      return "structured";
    case batchType:
      return "batched";
    default:
      // Another format of CloudEvents, such as Avro, is not the data of an event in binary mode.
      return headers["ce-specversion"] !== undefined && !type.startsWith("application/cloudevents")
        ? "binary"
        : undefined;
  }
}

/** Returns the media type that a Content-Type names: in lower case, without its parameters. */
export function mediaTypeOf(contentType: string | undefined): string {
  const [type = ""] = (contentType ?? "").split(";");
  return type.trim().toLowerCase();
}

/** Tells whether a content type says that the data is JSON, as the JSON format defines it. */
export function isJsonType(contentType: string | undefined): boolean {
  return /^[^/]+\/(?:[^/]+\+)?json$/.test(mediaTypeOf(contentType));
}
