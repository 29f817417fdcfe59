-- What the acts of a consent say together: written from them in the transaction that writes the act.
CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    person_name TEXT NOT NULL,
    service TEXT NOT NULL,
    consent TEXT NOT NULL,
    version TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    given_at TEXT NOT NULL,
    withdrawn_at TEXT,
    last_seq BIGINT NOT NULL
);
-- One for each person and question, however often it is given and taken back.
CREATE UNIQUE INDEX consents_person ON consents (person, service, consent);
CREATE INDEX consents_question ON consents (service, consent, withdrawn_at, given_at, id);
