CREATE TABLE acts (
    position BIGINT PRIMARY KEY,
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    digest {blob} NOT NULL,
    UNIQUE (case_id, seq)
);
CREATE TABLE act_contents (
    position BIGINT PRIMARY KEY REFERENCES acts (position),
    content TEXT NOT NULL,
    salt {blob} NOT NULL
);
CREATE TABLE act_counter (one BIGINT PRIMARY KEY, next BIGINT NOT NULL);
INSERT INTO act_counter (one, next) VALUES (1, 0);
CREATE TABLE act_followers (name TEXT PRIMARY KEY, next BIGINT NOT NULL);
