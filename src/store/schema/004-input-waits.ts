/** What is waited for in a trace, as a JSON list, and for how long it was. Nothing written before this waited. */
export const INPUT_WAITS = `
ALTER TABLE traces ADD COLUMN waits_for TEXT NOT NULL DEFAULT '[]';
ALTER TABLE traces ADD COLUMN waited_ms REAL NOT NULL DEFAULT 0;
`;
