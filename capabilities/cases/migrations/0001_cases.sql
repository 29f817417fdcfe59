CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    service_version TEXT NOT NULL,
    service_name TEXT NOT NULL,
    office TEXT NOT NULL,
    applicant TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    state TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    protocol_office TEXT NOT NULL,
    protocol_year BIGINT NOT NULL,
    protocol_number BIGINT NOT NULL,
    due TEXT NOT NULL,
    suspended BIGINT NOT NULL,
    officer TEXT,
    officer_name TEXT,
    amount TEXT,
    closed_on TEXT,
    last_seq BIGINT NOT NULL,
    last_at TEXT NOT NULL,
    search TEXT NOT NULL,
    UNIQUE (protocol_office, protocol_year, protocol_number)
);
CREATE INDEX cases_applicant ON cases (applicant, submitted_at);
CREATE INDEX cases_worklist ON cases (office, closed_on, due, id);
CREATE INDEX cases_officer ON cases (officer, closed_on, due, id);
CREATE INDEX cases_decided ON cases (service, state, closed_on);
CREATE TABLE submissions (
    applicant TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (applicant, idempotency_key)
);
CREATE TABLE protocol_registers (
    office TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (office, year)
);
CREATE TABLE protocol_entries (
    office TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    registered_at TEXT NOT NULL,
    direction TEXT NOT NULL,
    correspondent TEXT NOT NULL,
    subject TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (office, year, number)
);
CREATE TABLE drafts (
    applicant TEXT NOT NULL,
    service TEXT NOT NULL,
    service_version TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    answers TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (applicant, service)
);
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    case_id TEXT,
    field TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes {blob} NOT NULL,
    uploaded_at TEXT NOT NULL
);
CREATE INDEX uploads_owner ON uploads (owner, case_id);
CREATE TABLE access_refusals (
    subject TEXT NOT NULL,
    asked TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX access_refusals_subject ON access_refusals (subject, at);
