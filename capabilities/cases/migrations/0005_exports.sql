-- What was taken out of the lists of an office, by whom and why. Never changed but for its end, never removed.
CREATE TABLE case_exports (
    id TEXT PRIMARY KEY,
    began_at TEXT NOT NULL,
    office TEXT NOT NULL,
    officer TEXT NOT NULL,
    officer_name TEXT NOT NULL,
    wanted TEXT NOT NULL,
    format TEXT NOT NULL,
    with_names BIGINT NOT NULL,
    reason TEXT NOT NULL,
    rows_given BIGINT NOT NULL,
    ended_at TEXT
);
CREATE INDEX case_exports_office ON case_exports (office, began_at);
