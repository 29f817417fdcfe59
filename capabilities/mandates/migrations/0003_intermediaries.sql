-- Offices of intermediaries and who works there, as content/intermediaries.toml was last read: what it no longer names is not here.
CREATE TABLE intermediary_offices (
    id TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    seat TEXT NOT NULL
);
CREATE TABLE intermediary_operators (
    office TEXT NOT NULL,
    operator TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (office, operator)
);
CREATE INDEX intermediary_operators_operator ON intermediary_operators (operator);
