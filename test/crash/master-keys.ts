/** The two master keys of a rotation. */
export const OLD_KEY = new Uint8Array(32).fill(7);
export const NEW_KEY = new Uint8Array(32).fill(8);
