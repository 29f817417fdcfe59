-- What versions before this room registered were applications, without the fiscal code of who sent them: without it
-- nobody would be told that an official saw their name in the register, or opened the registration.
UPDATE protocol_entries
SET correspondent_code = (SELECT applicant FROM cases WHERE cases.id = protocol_entries.case_id)
WHERE correspondent_code = '' AND case_id IN (SELECT id FROM cases);
