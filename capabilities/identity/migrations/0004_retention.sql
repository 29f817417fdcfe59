-- Readings in the course of a case that was destroyed: kept for as long as people may ask who read, and no longer.
ALTER TABLE data_reads ADD COLUMN forget_after TEXT;
CREATE INDEX data_reads_by_case ON data_reads (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX data_reads_to_forget ON data_reads (forget_after) WHERE forget_after IS NOT NULL;
