-- Who is away, from when to when, and who does their work meanwhile: written by who runs the office, ended and never deleted.
-- Why somebody is away is nobody's business here.
CREATE TABLE identity_absences (
    id TEXT PRIMARY KEY,
    office TEXT NOT NULL,
    absent TEXT NOT NULL,
    absent_name TEXT NOT NULL,
    substitute TEXT NOT NULL,
    substitute_name TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    declared_by TEXT NOT NULL,
    declared_at TEXT NOT NULL,
    ended_by TEXT,
    ended_at TEXT
);
CREATE INDEX identity_absences_substitute ON identity_absences (substitute, last_day);
CREATE INDEX identity_absences_office ON identity_absences (office, last_day);

-- What was done to officials' accounts from the office's own page.
CREATE TABLE identity_staff_deeds (
    id TEXT PRIMARY KEY,
    staff TEXT NOT NULL,
    deed TEXT NOT NULL,
    done_by TEXT NOT NULL,
    done_at TEXT NOT NULL
);
CREATE INDEX identity_staff_deeds_staff ON identity_staff_deeds (staff, done_at);
