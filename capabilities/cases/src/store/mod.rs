//! All the SQL of this room. The database handle goes no further.

mod book;
mod drafts;
mod lists;
mod register;
mod terms;
mod uploads;

pub use book::{STALE, find, find_in_office, find_own, insert_submission, open, submission_of, write};
pub use drafts::{Draft, drafts_of, find_draft, forget_draft, save_draft};
pub use lists::{
    CaseRow, DUE_SOON, Figures, Filter, Load, PAGE, applicants, figures, loads, ninth_decile_days, of_applicant,
    standing_cases, worklist,
};
pub use register::{Entry, entries, next_number, register};
pub use terms::{Late, Measured, late, measured};
pub use uploads::{
    StoredUpload, attach, find_upload, forget_orphans, forget_uploads, save_upload, unsent, uploads_named,
};
