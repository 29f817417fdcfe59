-- What the acts of a mandate say together: written from them in the transaction that writes the act.
CREATE TABLE mandates (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    principal TEXT NOT NULL,
    principal_name TEXT NOT NULL,
    delegate TEXT NOT NULL,
    delegate_surname TEXT NOT NULL,
    delegate_name TEXT,
    services TEXT,
    verbs TEXT NOT NULL,
    proposed_at TEXT NOT NULL,
    answer_by TEXT NOT NULL,
    until TEXT NOT NULL,
    accepted_at TEXT,
    ended_at TEXT,
    ending TEXT,
    last_seq BIGINT NOT NULL
);
CREATE INDEX mandates_principal ON mandates (principal, proposed_at);
CREATE INDEX mandates_delegate ON mandates (delegate, proposed_at);

-- The last number of each year.
CREATE TABLE mandate_numbers (
    year BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- What was done for somebody else, as the book of acts tells it: for whom it was done reads it.
CREATE TABLE mandate_deeds (
    case_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    authority TEXT NOT NULL,
    principal TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE INDEX mandate_deeds_authority ON mandate_deeds (authority, at);
CREATE INDEX mandate_deeds_principal ON mandate_deeds (principal, at);
