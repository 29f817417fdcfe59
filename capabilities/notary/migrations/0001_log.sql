CREATE TABLE log_head (one BIGINT PRIMARY KEY, size BIGINT NOT NULL);
INSERT INTO log_head (one, size) VALUES (1, 0);
CREATE TABLE log_tiles (
    level BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    bytes {blob} NOT NULL,
    PRIMARY KEY (level, idx)
);
CREATE TABLE log_checkpoints (
    size BIGINT PRIMARY KEY,
    root {blob} NOT NULL,
    note TEXT NOT NULL,
    signed_at TEXT NOT NULL
);
