-- Drafts of who is not logged in: found by the digest of a code, and by nothing else.
CREATE TABLE anonymous_drafts (
    digest TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    service_version TEXT NOT NULL,
    answers TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX anonymous_drafts_expires ON anonymous_drafts (expires_at);
