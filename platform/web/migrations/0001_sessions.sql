-- Who is logged in. Only the digest of the cookie's token is kept: a stolen backup opens no session.
CREATE TABLE web_sessions (
    token TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    door TEXT NOT NULL,
    level BIGINT NOT NULL,
    data TEXT NOT NULL,
    signed_in_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX web_sessions_by_expiry ON web_sessions (expires_at);

-- What a person sent when the session had expired: given back after the next login of the same person.
CREATE TABLE web_parked (
    subject TEXT NOT NULL,
    path TEXT NOT NULL,
    fields TEXT NOT NULL,
    parked_at TEXT NOT NULL,
    PRIMARY KEY (subject, path)
);
