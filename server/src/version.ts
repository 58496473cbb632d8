import manifest from "../package.json" with { type: "json" };

/** Shown by `posthorn --version` and sent to every receiver. */
export const VERSION: string = manifest.version;
