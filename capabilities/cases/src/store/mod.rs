//! All the SQL of this room. The database handle goes no further.

mod anonymous;
mod book;
mod destruction;
mod drafts;
mod draws;
mod emergencies;
mod exports;
mod figures;
mod found;
mod helps;
mod late;
mod lists;
mod mass;
mod mass_items;
mod mass_points;
mod names;
mod signings;
mod terms;
mod uploads;
mod worklist;

pub use anonymous::{find_anonymous, forget_anonymous, forget_old_anonymous, save_anonymous};
#[cfg(feature = "testing")]
pub use book::open;
pub use book::{
    NewCase, STALE, find, find_in_office, find_own, insert_cases, office_of, open_all, submission_of, submissions_of,
    write,
};
pub use destruction::{Gone, Kept, count_over, destroy, find_kept, gone, numbered, over};
pub use drafts::{Draft, drafts_of, find_draft, forget_draft, forget_drafts, forget_drafts_of_visits, save_draft};
pub use draws::{draw_key, keep_draw_key};
pub use emergencies::{
    Emergency, Review, emergencies, emergencies_of, emergencies_since, find_emergency, find_numbered, open_emergency,
    review_emergency,
};
pub use exports::{Export, STEP, Stretch, begin_export, chosen, exports, extent, note_export};
pub use figures::{DUE_SOON, Figures, Load, figures, loads};
pub use helps::{
    Help, HelpDeed, begin_help, end_help, end_helps, find_help, forget_old_helps, help_begun, help_deeds, helps_for,
    helps_of, last_help, note_help, renew_help, take_help,
};
pub use late::{Late, LateIn};
pub use lists::{CaseRow, applicants, ended_since, of_applicant, standing_cases, standing_cases_of};
pub use mass::{MassDecision, begin_mass, confirm_mass, end_mass, find_mass, mass_decisions, note_listed, open_mass};
pub use mass_items::{
    Group, Item, ItemRow, ItemState, groups, insert_items, items_of, next_items, pending_of, sample, settle_item,
};
pub use mass_points::{Point, add_points, points};
pub use names::name_old;
pub use signings::{
    answer_signing, find_signing, find_signing_of_signer, forget_ended_signings, hold_signing, insert_signing,
    kept_of_signing, last_signing, remind_signers, signing_waits, signings_of_applicant, signings_of_signer,
    update_signing,
};
pub use terms::{measured, ninth_decile_days};
pub use uploads::{
    StoredUpload, attach, find_upload, forget_orphans, forget_uploads, save_upload, unsent, uploads_named,
};
#[cfg(feature = "testing")]
pub use worklist::Place;
pub use worklist::{Filter, Leaf, Leaves, MOST_COUNTED, following, worklist};
