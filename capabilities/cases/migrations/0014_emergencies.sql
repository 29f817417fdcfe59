-- A case of another office that somebody opened in an emergency: who, why, until when, and what whoever reviews it says.
CREATE TABLE case_emergencies (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    officer TEXT NOT NULL,
    officer_name TEXT NOT NULL,
    office TEXT NOT NULL,
    reason TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    until TEXT NOT NULL,
    reviewed_by TEXT,
    reviewed_at TEXT,
    justified BIGINT,
    verdict TEXT
);
CREATE INDEX case_emergencies_opened ON case_emergencies (opened_at);
CREATE INDEX case_emergencies_case ON case_emergencies (case_id);
