-- A letter that cannot be stored waits for its own next attempt and holds up nobody. An empty instant is before all others.
ALTER TABLE letters_due ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE letters_due ADD COLUMN next_at TEXT NOT NULL DEFAULT '';
ALTER TABLE letters_due ADD COLUMN last_error TEXT NOT NULL DEFAULT '';
ALTER TABLE letters_due ADD COLUMN office TEXT NOT NULL DEFAULT '';
DROP INDEX letters_due_queued_at;
CREATE INDEX letters_due_turn ON letters_due (attempts, queued_at, case_id, act_seq);

-- The office whose officials see that a letter failed.
ALTER TABLE letters_failed ADD COLUMN office TEXT NOT NULL DEFAULT '';
