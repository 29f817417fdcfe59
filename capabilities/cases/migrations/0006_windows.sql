-- The place of an application in the order of its window: what the law sorts by, then the lot. Texts of digits of equal
-- length, so that every collation puts them in the same order.
ALTER TABLE cases ADD COLUMN rank TEXT;

-- The key of the lots of a window: made with its first application, the same for all.
CREATE TABLE case_draws (
    service TEXT NOT NULL,
    opens TEXT NOT NULL,
    secret TEXT NOT NULL,
    PRIMARY KEY (service, opens)
);
CREATE INDEX cases_ranked ON cases (office, service, (COALESCE(rank, '~')), due, id) WHERE closed_on IS NULL;
