-- Refusals are counted by the hour: who asks for other people's cases in a loop fills no disk. `at` is the full hour.
ALTER TABLE identity_refusals ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
DROP INDEX identity_refusals_by_subject;
CREATE INDEX identity_refusals_by_subject ON identity_refusals (subject, at, asked);
