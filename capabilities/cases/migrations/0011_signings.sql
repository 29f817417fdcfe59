-- Applications that wait for signatures of others. What is not filed yet is in no act; content is emptied when it ends.
CREATE TABLE signings (
    id TEXT PRIMARY KEY,
    applicant TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    service TEXT NOT NULL,
    service_version TEXT NOT NULL,
    service_name TEXT NOT NULL,
    state TEXT NOT NULL,
    confirmed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    ended_at TEXT,
    asked_again_at TEXT,
    case_id TEXT,
    touched BIGINT NOT NULL
);
-- One at a time for a person and service, as there is one draft.
CREATE UNIQUE INDEX signings_waiting ON signings (applicant, service) WHERE state = 'waiting';
CREATE INDEX signings_applicant ON signings (applicant, service, confirmed_at);
CREATE INDEX signings_case ON signings (case_id);
CREATE INDEX signings_ended ON signings (ended_at);
CREATE TABLE signing_people (
    signing TEXT NOT NULL,
    signer TEXT NOT NULL,
    place BIGINT NOT NULL,
    role TEXT NOT NULL,
    answer TEXT,
    answered_at TEXT,
    name TEXT NOT NULL,
    level BIGINT NOT NULL,
    digest TEXT NOT NULL,
    reason TEXT NOT NULL,
    reminded_at TEXT,
    PRIMARY KEY (signing, signer)
);
CREATE INDEX signing_people_signer ON signing_people (signer, signing);
