-- Logins with a national e-ID: from the request to the session.
CREATE TABLE identity_logins (
    request_id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    level BIGINT NOT NULL,
    return_to TEXT NOT NULL,
    binding TEXT NOT NULL,
    requested_at TEXT NOT NULL,
    code TEXT UNIQUE,
    answered_at TEXT,
    claims TEXT,
    finished_at TEXT
);

-- Assertions that were used: none is taken twice.
CREATE TABLE identity_assertions (
    id TEXT PRIMARY KEY,
    ends_at TEXT NOT NULL
);

-- The register of requests and answers that SPID wants kept for 24 months.
CREATE TABLE identity_messages (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    direction TEXT NOT NULL,
    provider TEXT NOT NULL,
    request_id TEXT NOT NULL,
    message TEXT NOT NULL,
    outcome TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX identity_messages_by_request ON identity_messages (request_id);

-- People who logged in at least once.
CREATE TABLE identity_people (
    fiscal_code TEXT PRIMARY KEY,
    given_name TEXT NOT NULL,
    surname TEXT NOT NULL,
    first_login_at TEXT NOT NULL,
    last_login_at TEXT NOT NULL,
    previous_login_at TEXT,
    email TEXT,
    language TEXT
);

-- With which provider's account each person came: a new pair is a sign of a second identity.
CREATE TABLE identity_pairs (
    fiscal_code TEXT NOT NULL,
    provider TEXT NOT NULL,
    spid_code TEXT NOT NULL,
    first_login_at TEXT NOT NULL,
    PRIMARY KEY (fiscal_code, provider, spid_code)
);

-- Officials with a local account.
CREATE TABLE identity_staff (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    office TEXT NOT NULL,
    roles TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    last_login_at TEXT
);

-- Wrong passwords, by account and by address.
CREATE TABLE identity_guesses (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at TEXT NOT NULL,
    free_at TEXT NOT NULL
);

-- Who looked at whose data, why, and what was seen. `purpose` and `what` are texts in one or more languages (JSON).
CREATE TABLE data_reads (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    reader TEXT NOT NULL,
    reader_name TEXT NOT NULL,
    office TEXT NOT NULL,
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    what TEXT NOT NULL,
    case_id TEXT
);
CREATE INDEX data_reads_by_subject ON data_reads (subject, at);
