-- The second proof of officials, beside the password. Secrets that must be read again are sealed under a key of the key
-- folder (`keys/factors.key`); recovery codes are kept as digests and deleted when they are used.
CREATE TABLE identity_totp (
    staff TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    last_step BIGINT NOT NULL,
    since TEXT NOT NULL
);

CREATE TABLE identity_recovery (
    staff TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (staff, digest)
);

CREATE TABLE identity_passkeys (
    id TEXT PRIMARY KEY,
    staff TEXT NOT NULL,
    name TEXT NOT NULL,
    algorithm BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    counter BIGINT NOT NULL,
    since TEXT NOT NULL,
    last_used_at TEXT
);
CREATE INDEX identity_passkeys_by_staff ON identity_passkeys (staff);
