-- Whether a clock is stopped depends on the day: the row says until when, and lists compare. For clocks stopped now, the
-- end of the term bounds the end of the stop; the next act of the case says it exactly.
ALTER TABLE cases ADD COLUMN suspended_until TEXT;
UPDATE cases SET suspended_until = due WHERE suspended = 1;
ALTER TABLE cases DROP COLUMN suspended;

-- The book says how many acts a case has: a copy here missed those of other rooms (letters).
ALTER TABLE cases DROP COLUMN last_seq;
ALTER TABLE cases DROP COLUMN last_at;

-- Attempts on other people's documents are one list for all rooms, kept by identity.
INSERT INTO identity_refusals (subject, asked, at) SELECT subject, asked, at FROM access_refusals;
DROP TABLE access_refusals;
