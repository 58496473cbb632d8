/** Extension attributes of events that came as CloudEvents, as a JSON object. No table is read for it. */
export const EXTENSIONS = `
ALTER TABLE event ADD COLUMN extensions TEXT;
`;
