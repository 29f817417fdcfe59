-- For whom somebody who is logged in acts, as they chose it: nothing for themselves. That they may is asked where
-- something is read or written; this only says what they mean.
ALTER TABLE web_sessions ADD COLUMN acting TEXT;
-- The authority, so that its end reaches every session that uses it.
ALTER TABLE web_sessions ADD COLUMN acting_under TEXT;
ALTER TABLE web_sessions ADD COLUMN acting_ended BIGINT;
CREATE INDEX web_sessions_acting ON web_sessions (acting_under) WHERE acting_under IS NOT NULL;
