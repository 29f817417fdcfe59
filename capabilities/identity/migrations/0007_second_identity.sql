-- What was said of a person's digital identities (see identity_pairs): that it is the person's own, or a stranger's; by the
-- person from an older one, or by the office that saw a document.
ALTER TABLE identity_pairs ADD COLUMN last_login_at TEXT;
ALTER TABLE identity_pairs ADD COLUMN verdict TEXT;
ALTER TABLE identity_pairs ADD COLUMN said_by TEXT;
ALTER TABLE identity_pairs ADD COLUMN said_at TEXT;
