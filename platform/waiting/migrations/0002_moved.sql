-- How far all turns of a door were moved altogether because nobody could come in, in microseconds: who remembers
-- turns sees by it that they are others now.
ALTER TABLE waiting_doors ADD COLUMN moved BIGINT NOT NULL DEFAULT 0;
