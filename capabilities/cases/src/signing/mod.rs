//! Applications that others must sign before they are filed, each with their own e-ID (decision 0046). Until the last
//! signature there is no case and no act; with it the application is filed in the same unit of work.

mod begin;
mod file;
mod jobs;
mod people;
mod shown;
mod state;
mod text;

pub use begin::{Begun, begin, waits};
pub use file::{Done, Signer, decline, remind, reminds_from, sign, take_back};
pub use jobs::{ExpireSigning, RemindOfSigning};
pub use people::{Needed, needed};
pub use shown::facts;
pub use state::{Answer, Answered, Move, NotSigned, Person, Signing, State};
pub use text::shown;

use std::collections::BTreeSet;

use acts::Actor;
use base::Uuid;
use serde::{Deserialize, Serialize};

use crate::payload::Submitted;

/// All that is filed once everybody signed, as it was confirmed: registries are not asked again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// What the act will say; number, decision and end of the term are those of the day of filing.
    pub submitted: Submitted,
    /// Who confirmed it.
    pub actor: Actor,
    /// The key of the draft.
    pub key: String,
    /// Files that become the case's.
    pub uploads: Vec<Uuid>,
    /// Standing cases of which the applicant knew.
    pub known: BTreeSet<Uuid>,
    /// What is signed.
    pub text: String,
}
