/** The trace that an event was handed over in, among other extensions, as a JSON object. */
export const INBOX_EXTENSIONS = `
ALTER TABLE inbox ADD COLUMN extensions TEXT;
`;
