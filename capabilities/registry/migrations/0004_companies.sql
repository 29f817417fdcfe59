-- The registry of companies: who is registered, and who represents whom with which signature.
CREATE TABLE registry_companies (
    fiscal_code TEXT PRIMARY KEY,
    entry TEXT NOT NULL,
    recorded_on TEXT NOT NULL
);
CREATE TABLE registry_company_offices (
    id TEXT PRIMARY KEY,
    company TEXT NOT NULL,
    holder TEXT NOT NULL,
    entry TEXT NOT NULL
);
CREATE INDEX registry_company_offices_holder ON registry_company_offices (holder);
CREATE INDEX registry_company_offices_company ON registry_company_offices (company);

-- Registries that do not answer at present: what rests on them is not allowed until they do.
CREATE TABLE registry_silences (
    registry TEXT PRIMARY KEY,
    since TEXT NOT NULL
);
