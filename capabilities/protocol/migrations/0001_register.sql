-- The tables themselves were made by cases/0001. Every column has a default: the version before this one goes on
-- registering while this one serves.

-- No registration is earlier than this one, whatever the machine's clock says.
ALTER TABLE protocol_registers ADD COLUMN last_at TEXT NOT NULL DEFAULT '';

-- Sender of what comes in, recipient of what goes out; empty in rows of the version before.
ALTER TABLE protocol_entries ADD COLUMN correspondent_code TEXT NOT NULL DEFAULT '';
-- The document whose SHA-256 is `fingerprint`; `attachments` are the others (JSON: name, type, SHA-256).
ALTER TABLE protocol_entries ADD COLUMN document_name TEXT NOT NULL DEFAULT 'domanda.json';
ALTER TABLE protocol_entries ADD COLUMN document_type TEXT NOT NULL DEFAULT 'application/json';
ALTER TABLE protocol_entries ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';
ALTER TABLE protocol_entries ADD COLUMN means TEXT NOT NULL DEFAULT 'portal';
-- The two data that may be changed: the present ones here, every change in protocol_changes.
ALTER TABLE protocol_entries ADD COLUMN classification TEXT NOT NULL DEFAULT '';
ALTER TABLE protocol_entries ADD COLUMN assigned_to TEXT NOT NULL DEFAULT '';
ALTER TABLE protocol_entries ADD COLUMN confidential BIGINT NOT NULL DEFAULT 0;
-- Number and date that the received document had where it came from.
ALTER TABLE protocol_entries ADD COLUMN received_protocol TEXT;
ALTER TABLE protocol_entries ADD COLUMN received_on TEXT;
-- Number and instant in the emergency register.
ALTER TABLE protocol_entries ADD COLUMN emergency_id TEXT;
ALTER TABLE protocol_entries ADD COLUMN emergency_number BIGINT;
ALTER TABLE protocol_entries ADD COLUMN emergency_at TEXT;
-- The act of the case that was registered; what the version before registers are applications.
ALTER TABLE protocol_entries ADD COLUMN act_seq BIGINT NOT NULL DEFAULT 1;
ALTER TABLE protocol_entries ADD COLUMN annulled_at TEXT;
CREATE INDEX protocol_entries_case ON protocol_entries (case_id, act_seq);
CREATE INDEX protocol_entries_at ON protocol_entries (office, registered_at);
CREATE UNIQUE INDEX protocol_entries_emergency ON protocol_entries (office, emergency_number);

-- Changes of what may be changed, and annulments: who, when, by which act. Never changed, never removed.
CREATE TABLE protocol_changes (
    office TEXT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    before_value TEXT NOT NULL,
    after_value TEXT NOT NULL,
    reason TEXT NOT NULL,
    authorised_by TEXT NOT NULL,
    officer TEXT NOT NULL,
    officer_name TEXT NOT NULL,
    PRIMARY KEY (office, year, number, seq)
);
CREATE INDEX protocol_changes_at ON protocol_changes (office, at);

-- Stretches during which an office registered by other means (art. 63 DPR 445/2000).
CREATE TABLE protocol_emergencies (
    id TEXT PRIMARY KEY,
    office TEXT NOT NULL,
    cause TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_by_name TEXT NOT NULL,
    closed_at TEXT,
    closed_by_name TEXT,
    authorised_by TEXT
);
CREATE INDEX protocol_emergencies_office ON protocol_emergencies (office, started_at);

-- The registers of single days, each chained to the one before. Never changed, never removed.
CREATE TABLE protocol_days (
    office TEXT NOT NULL,
    day TEXT NOT NULL,
    part BIGINT NOT NULL,
    last_part BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    first_number BIGINT,
    last_number BIGINT,
    previous TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes {blob} NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (office, day, part)
);
