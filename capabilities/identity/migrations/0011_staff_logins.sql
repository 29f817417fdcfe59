-- Each try of an official's account, right or wrong: what was shown, and from where (a digest of the address). Kept for a year. Of
-- accounts that do not exist nothing is written: what is typed there may be a password.
CREATE TABLE identity_staff_logins (
    id TEXT PRIMARY KEY,
    staff TEXT NOT NULL,
    at TEXT NOT NULL,
    how TEXT NOT NULL,
    came_in BIGINT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX identity_staff_logins_staff ON identity_staff_logins (staff, at);
CREATE INDEX identity_staff_logins_at ON identity_staff_logins (at);
