-- Decisions on many cases together: what was chosen, who confirmed it with which motivation, how it ended. Never removed.
CREATE TABLE mass_decisions (
    id TEXT PRIMARY KEY,
    office TEXT NOT NULL,
    service TEXT NOT NULL,
    officer TEXT NOT NULL,
    officer_name TEXT NOT NULL,
    wanted TEXT NOT NULL,
    began_at TEXT NOT NULL,
    listed BIGINT NOT NULL,
    place TEXT,
    listed_at TEXT,
    motivation TEXT NOT NULL,
    confirmed_at TEXT,
    takes_effect_at TEXT,
    granted BIGINT NOT NULL,
    left_out BIGINT NOT NULL,
    ended_at TEXT,
    ending TEXT
);
CREATE INDEX mass_decisions_office ON mass_decisions (office, began_at);
-- One at a time for each service of an office: no case is in two.
CREATE UNIQUE INDEX mass_decisions_open ON mass_decisions (office, service) WHERE ended_at IS NULL;

-- The cases of each, in the order of the worklist, as they were seen when they were tried.
CREATE TABLE mass_items (
    mass TEXT NOT NULL,
    case_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    draw TEXT NOT NULL,
    seen BIGINT NOT NULL,
    cents BIGINT,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (mass, case_id)
);
CREATE INDEX mass_items_place ON mass_items (mass, state, reason, place, cents);
CREATE INDEX mass_items_draw ON mass_items (mass, draw) WHERE state = 'grantable';
CREATE INDEX mass_items_case ON mass_items (case_id) WHERE state = 'grantable';

-- Points of the law on which their outcomes rest and which the sources leave uncertain, each with how many cases rest on
-- it: whoever confirms has read them.
CREATE TABLE mass_points (
    mass TEXT NOT NULL,
    point TEXT NOT NULL,
    content TEXT NOT NULL,
    cases BIGINT NOT NULL,
    PRIMARY KEY (mass, point)
);
