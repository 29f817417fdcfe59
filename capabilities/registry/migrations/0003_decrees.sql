-- Decrees by which courts appointed somebody to act for somebody else.
CREATE TABLE registry_decrees (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    represented TEXT NOT NULL,
    representative TEXT NOT NULL,
    number TEXT NOT NULL,
    court TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT
);
CREATE INDEX registry_decrees_representative ON registry_decrees (representative);
CREATE INDEX registry_decrees_represented ON registry_decrees (represented);
