-- Who saw whose name in a list of cases, and why: once for each official, day, person and kind of list.
CREATE TABLE data_listings (
    subject TEXT NOT NULL,
    day TEXT NOT NULL,
    reader TEXT NOT NULL,
    kind TEXT NOT NULL,
    reader_name TEXT NOT NULL,
    office TEXT NOT NULL,
    purpose TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (subject, day, reader, kind)
);

-- Who asked for something that is not theirs, or does not exist: for the auditors.
CREATE TABLE identity_refusals (
    subject TEXT NOT NULL,
    asked TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX identity_refusals_by_subject ON identity_refusals (subject, at);
