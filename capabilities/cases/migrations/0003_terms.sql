-- What lists must say of a term, so that they say the same as the page of the case: why it stands still, what silence
-- will mean, and by when the substitute must conclude.
ALTER TABLE cases ADD COLUMN suspended_cause TEXT;
ALTER TABLE cases ADD COLUMN silence TEXT;
ALTER TABLE cases ADD COLUMN substitute_due TEXT;
ALTER TABLE cases ADD COLUMN substitute_called_on TEXT;
