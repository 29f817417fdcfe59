-- Officials who come in by the administration's own identity provider: the issuer, a blank, and its name of them. Who has one has
-- no password here. And the fiscal code of officials, where it is known: nobody handles their own case (art. 6-bis L. 241/1990).
ALTER TABLE identity_staff ADD COLUMN provider_subject TEXT;
ALTER TABLE identity_staff ADD COLUMN fiscal_code TEXT;
CREATE UNIQUE INDEX identity_staff_by_subject ON identity_staff (provider_subject);
CREATE INDEX identity_staff_by_fiscal_code ON identity_staff (fiscal_code) WHERE fiscal_code IS NOT NULL;
