-- Doors at which people may have to wait. Instants are microseconds since 1970, because turns are computed in SQL.
CREATE TABLE waiting_doors (
    door TEXT PRIMARY KEY,
    secret TEXT NOT NULL,
    given_until BIGINT NOT NULL,
    draws_at BIGINT
);

-- One place for each person at a door. Without a turn it waits for the draw.
CREATE TABLE waiting_places (
    door TEXT NOT NULL,
    person TEXT NOT NULL,
    came BIGINT NOT NULL,
    lot BIGINT NOT NULL,
    turn BIGINT,
    PRIMARY KEY (door, person)
);
CREATE INDEX waiting_places_by_lot ON waiting_places (door, turn, lot);
