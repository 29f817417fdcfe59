-- Help with filling in: a person shares some pages of a form with somebody whose task that is, for some minutes.
CREATE TABLE helps (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    applicant TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    service TEXT NOT NULL,
    pages TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    helper TEXT,
    helper_name TEXT,
    taken_at TEXT,
    ended_at TEXT
);
CREATE UNIQUE INDEX helps_digest ON helps (digest);
CREATE INDEX helps_applicant ON helps (applicant, service, begun_at);
CREATE INDEX helps_helper ON helps (helper, expires_at);
CREATE INDEX helps_begun ON helps (begun_at);
-- What the helper did, for the person to see.
CREATE TABLE help_deeds (
    help TEXT NOT NULL,
    at TEXT NOT NULL,
    page TEXT NOT NULL,
    deed TEXT NOT NULL
);
CREATE INDEX help_deeds_help ON help_deeds (help, at);
