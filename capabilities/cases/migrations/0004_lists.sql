-- Lists are read in the order in which they are shown, from where a page ended: one index for each way to look at the
-- open cases of an office. `LIMIT` then bounds what is read, however many cases there are.
CREATE INDEX cases_open ON cases (office, due, id) WHERE closed_on IS NULL;
CREATE INDEX cases_open_service ON cases (office, service, due, id) WHERE closed_on IS NULL;
CREATE INDEX cases_state ON cases (office, state, due, id);
CREATE INDEX cases_service_state ON cases (office, service, state, due, id);
CREATE INDEX cases_open_officer ON cases (office, officer, due, id, suspended_until) WHERE closed_on IS NULL AND officer IS NOT NULL;
-- Few of the open ones: made last, because of two that fit equally well SQLite takes the later one.
CREATE INDEX cases_open_unassigned ON cases (office, due, id) WHERE closed_on IS NULL AND officer IS NULL;
CREATE INDEX cases_open_suspended ON cases (office, due, id) WHERE closed_on IS NULL AND suspended_until IS NOT NULL;
-- How long a service takes is read from this index alone.
CREATE INDEX cases_measured ON cases (service, closed_on, submitted_at, due) WHERE state IN ('granted', 'refused');

-- By which parts of a name a case is found: `key` begins with one word of it, and the others follow; and by which code.
CREATE TABLE case_names (
    office TEXT NOT NULL,
    key TEXT NOT NULL,
    case_id TEXT NOT NULL
);
CREATE INDEX case_names_key ON case_names (office, key, case_id);
-- Last, because these hold the table while they run. What the first indices took the place of; SQLite would go on taking
-- them. The version before is slower without them, and right.
DROP INDEX cases_worklist;
DROP INDEX cases_officer;
-- 1: its keys are written. The version before writes cases without them; a job writes them later.
ALTER TABLE cases ADD COLUMN named BIGINT;
CREATE INDEX cases_unnamed ON cases (id) WHERE named IS NULL;
