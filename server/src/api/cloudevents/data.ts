/** Stands for the data of a CloudEvent that has none, since every event has data here. */
export const NO_DATA: Uint8Array = Buffer.from("null");

/** Completes "must be …" of the content type of data. */
export const DATA_TYPE_RULE = "a type of JSON, such as application/json";
