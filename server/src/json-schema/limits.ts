/**
 * What a schema may be, and what checking a value may cost. Schemas come from tenants: none may hold the
 * thread that everyone's events go through.
 */

/** Bytes of its JSON text, in UTF-8. */
export const SCHEMA_BYTES_MAX = 64 * 1024;

/** How deep schemas may stand in schemas. */
export const SCHEMA_DEPTH_MAX = 64;

/** Keywords, members and list items of all its schemas together. */
export const SCHEMA_PARTS_MAX = 5_000;

/** Wrong places of a schema that an answer names. */
export const SCHEMA_ERRORS_MAX = 20;

/** Instructions that the patterns of a schema may come to together; a class or a letter is about one. */
export const PATTERN_INSTRUCTIONS_MAX = 1_000;

/** Characters of a pattern. */
export const PATTERN_LENGTH_MAX = 512;

/**
 * Units of work that one value may take. A unit is about 50 ns, so that is a quarter of a second; a member
 * costs 5 to 20, and a character of a text that has a pattern as many as the pattern has instructions.
 */
export const WORK_MAX = 5_000_000;

/**
 * How many schemas may be entered within one another while a value is checked: two for each of the 512 levels
 * that data has at most. The stack of a thread has room for twice as many.
 */
export const ENTERED_MAX = 1_100;

/** Wrong members of a value that are told. */
export const FINDINGS_MAX = 1_000;

/** Characters of a pointer to one; what is longer is cut. */
export const POINTER_LENGTH_MAX = 1_024;
