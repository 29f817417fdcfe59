CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    act_seq BIGINT NOT NULL,
    issued_seq BIGINT NOT NULL,
    letter TEXT NOT NULL,
    title TEXT NOT NULL,
    applicant TEXT NOT NULL,
    office TEXT NOT NULL,
    office_name TEXT NOT NULL,
    service_name TEXT NOT NULL,
    protocol TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    pdf {blob} NOT NULL,
    html TEXT NOT NULL,
    created_at TEXT NOT NULL,
    read_at TEXT,
    UNIQUE (case_id, act_seq),
    UNIQUE (case_id, issued_seq)
);
CREATE TABLE letters_due (
    case_id TEXT NOT NULL,
    act_seq BIGINT NOT NULL,
    letter TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    PRIMARY KEY (case_id, act_seq)
);
CREATE INDEX letters_due_queued_at ON letters_due (queued_at);
CREATE TABLE letters_failed (
    case_id TEXT NOT NULL,
    act_seq BIGINT NOT NULL,
    letter TEXT NOT NULL,
    reason TEXT NOT NULL,
    failed_at TEXT NOT NULL,
    PRIMARY KEY (case_id, act_seq)
);
