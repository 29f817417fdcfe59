-- Answers that were refused and for which nobody vouches but who brought them: a digest of what came, why it was refused, the
-- question of ours that it named, if it was one. Kept for days, and so many an hour: anybody can send them.
CREATE TABLE identity_strays (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    door TEXT NOT NULL,
    request_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE INDEX identity_strays_by_time ON identity_strays (at);
