-- The registries as they are declared: names and explanations (JSON texts in one or more languages).
CREATE TABLE registries (
    id TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    declared TEXT NOT NULL
);

-- Who is in the register of residents, and in which household. `entry` is the register's entry (JSON).
CREATE TABLE registry_people (
    fiscal_code TEXT PRIMARY KEY,
    household TEXT NOT NULL,
    place BIGINT NOT NULL,
    relation TEXT NOT NULL,
    search TEXT NOT NULL,
    entry TEXT NOT NULL,
    recorded_on TEXT NOT NULL
);
CREATE INDEX registry_people_by_household ON registry_people (household);

-- What the other registries hold, one row for each entry; of one person, or of the whole household (`subject` empty).
CREATE TABLE registry_entries (
    household TEXT NOT NULL,
    subject TEXT NOT NULL,
    entry TEXT NOT NULL,
    recorded_on TEXT NOT NULL
);
CREATE INDEX registry_entries_by_household ON registry_entries (household);

-- The sample world that was loaded to the end; empty while loading.
CREATE TABLE registry_world (
    seed BIGINT NOT NULL,
    persons BIGINT NOT NULL,
    today TEXT NOT NULL,
    loaded_at TEXT NOT NULL
);
