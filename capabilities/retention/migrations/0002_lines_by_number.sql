-- A case is taken off a list by its number.
CREATE INDEX retention_lines_number ON retention_lines (list, protocol_year, protocol_number);
