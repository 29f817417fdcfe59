-- The day on which what a case says was destroyed: its row stays for the figures, without whose it was.
ALTER TABLE cases ADD COLUMN destroyed_on TEXT;
-- What an office has kept long enough, oldest first.
CREATE INDEX cases_kept ON cases (office, service, closed_on, id, state) WHERE closed_on IS NOT NULL AND destroyed_on IS NULL;
