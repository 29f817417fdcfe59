-- Who stands behind the name that a provider gave for one login: with it the provider may end the session.
CREATE TABLE identity_names (
    provider TEXT NOT NULL,
    name_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    PRIMARY KEY (provider, name_id)
);

-- Sessions that we asked a provider to end, until it answers.
CREATE TABLE identity_logouts (
    request_id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    asked_at TEXT NOT NULL
);
