-- Somebody stands at the counter, and an officer files for them: whose document was seen, by whom, why, until when.
CREATE TABLE counter_visits (
    id TEXT PRIMARY KEY,
    operator TEXT NOT NULL,
    office TEXT NOT NULL,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    until TEXT NOT NULL,
    ended_at TEXT
);
