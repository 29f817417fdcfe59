-- What an operator switched on for the whole program, and since when: a row is there while it is on.
CREATE TABLE web_switches (
    name TEXT PRIMARY KEY,
    since TEXT NOT NULL
);
