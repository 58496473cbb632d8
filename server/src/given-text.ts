const LENGTH_MAX = 64;

/** Writes a text that somebody gave as it may stand in a message: on one line, in quotes, shortened. */
export function givenText(text: string): string {
  return JSON.stringify(text.length <= LENGTH_MAX ? text : `${text.slice(0, LENGTH_MAX)}…`);
}
