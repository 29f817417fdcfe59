-- What may not be destroyed although its time is over, and why. Never removed: lifted, with who and why.
CREATE TABLE retention_holds (
    id TEXT PRIMARY KEY,
    office TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Identifier of a case, fiscal code of a person, slug of a service; `shown` is how people call it.
    target TEXT NOT NULL,
    shown TEXT NOT NULL,
    reason TEXT NOT NULL,
    until TEXT,
    placed_at TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_by_name TEXT NOT NULL,
    lifted_at TEXT,
    lifted_by TEXT,
    lifted_by_name TEXT,
    lift_reason TEXT
);
CREATE INDEX retention_holds_office ON retention_holds (office, placed_at);
-- Lists of what an office is going to destroy. Never removed.
CREATE TABLE retention_lists (
    id TEXT PRIMARY KEY,
    office TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    service TEXT NOT NULL,
    service_name TEXT NOT NULL,
    years BIGINT NOT NULL,
    benefit_years BIGINT NOT NULL,
    as_of TEXT NOT NULL,
    state TEXT NOT NULL,
    cases BIGINT NOT NULL,
    first_closed TEXT,
    last_closed TEXT,
    digest TEXT NOT NULL,
    proposed_at TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_by_name TEXT NOT NULL,
    authority TEXT,
    authorisation TEXT,
    authorised_on TEXT,
    rejected_at TEXT,
    rejected_by_name TEXT,
    rejected_reason TEXT,
    began_at TEXT,
    ended_at TEXT,
    protocol_year BIGINT,
    protocol_number BIGINT,
    certificate {blob},
    swept_at TEXT,
    UNIQUE (office, year, number)
);
-- The cases on a list: nothing of them but number and day. Without an outcome they are still to be destroyed.
CREATE TABLE retention_lines (
    list TEXT NOT NULL,
    place BIGINT NOT NULL,
    case_id TEXT NOT NULL,
    protocol_year BIGINT NOT NULL,
    protocol_number BIGINT NOT NULL,
    closed_on TEXT NOT NULL,
    outcome TEXT,
    reason TEXT,
    PRIMARY KEY (list, place)
);
CREATE INDEX retention_lines_open ON retention_lines (list, place) WHERE outcome IS NULL;
CREATE INDEX retention_lines_case ON retention_lines (case_id);
-- Who approved which digest.
CREATE TABLE retention_approvals (
    list TEXT NOT NULL,
    role TEXT NOT NULL,
    officer TEXT NOT NULL,
    officer_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (list, role),
    UNIQUE (list, officer)
);
