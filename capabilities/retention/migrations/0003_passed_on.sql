-- The register in which the case has its number, where it came to the office from another one; empty for the office's own.
ALTER TABLE retention_lines ADD COLUMN protocol_office TEXT NOT NULL DEFAULT '';
