-- Every version of a service folder that was ever offered: a case stays with the version it was made with.
CREATE TABLE service_versions (
    slug TEXT NOT NULL,
    version TEXT NOT NULL,
    -- JSON object: path inside the folder → text.
    files TEXT NOT NULL,
    -- The instant at which it was first offered.
    first_seen TEXT NOT NULL,
    PRIMARY KEY (slug, version)
);
