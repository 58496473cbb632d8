/** Describes a refused value; a long text only by its length: it may be a misplaced secret (invariant 12). */
export function given(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return value.length <= 12 ? JSON.stringify(value) : `a text of ${value.length} characters`;
    case "function":
      return isAsync(value) ? "an async function" : "a function";
    case "object":
      return value === null ? "null" : Array.isArray(value) ? "an array" : "an object";
    case "number":
    case "boolean":
    case "bigint":
    case "symbol":
      return String(value);
  }
}

/** Tells a function that is declared `async`, or as a generator: it returns before its work is done. */
export function isAsync(value: unknown): boolean {
  return typeof value === "function" && Object.prototype.toString.call(value) !== "[object Function]";
}
