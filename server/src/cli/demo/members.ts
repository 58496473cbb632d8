/** Returns the members of a JSON object. Throws a TypeError for anything else. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`expected an object, got ${Array.isArray(value) ? "an array" : typeof value}`);
  }
  return Object.fromEntries(Object.entries(value));
}
