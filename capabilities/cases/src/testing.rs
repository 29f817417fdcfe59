//! The tables without the law of the desk, for tests of this room and of its branches. The program changes cases by
//! [`Cases::perform`](crate::Cases::perform), and destroys them by [`crate::destroy`].

use std::collections::BTreeMap;

use acts::NewAct;
use catalogue::{Catalogue, Offer};
use protocol::{Entry, Numbers};
use rules::Facts;

pub use crate::store::{
    CaseRow, Draft, Filter, Leaf, Leaves, Place, StoredUpload, attach, find_draft, find_in_office, find_upload,
    forget_uploads, name_old, open, save_draft, save_upload, uploads_named, worklist,
};
pub use crate::{decide::Deed, sequencer::Filing};
use crate::{
    payload::{Applicant, Protocol, Submitted},
    registration,
};

/// An invented application to the office of the register that gave it its number.
#[must_use]
pub fn submitted(fiscal_code: &str, protocol: Protocol) -> Submitted {
    let text = |text: &str| text.to_owned();
    Submitted {
        service: text("istanza-generica"),
        service_version: text("1"),
        service_name: text("Istanza generica"),
        office: protocol.office.clone(),
        office_name: text("Ufficio dimostrativo"),
        responsible: text("Rosa Inventata"),
        applicant: Applicant { fiscal_code: text(fiscal_code), name: text("Maria Dimostrativa") },
        protocol,
        answers: Facts::default(),
        sources: BTreeMap::new(),
        replaced: BTreeMap::new(),
        attachments: Vec::new(),
        decision: None,
        due: "2026-04-01".parse().expect("a day"),
        remedies: text("Puoi rivolgerti al titolare del potere sostitutivo."),
        ordering: None,
        signed: None,
    }
}

/// The registration of an invented application, not classified: tests of the register classify for themselves.
#[must_use]
pub fn entry(numbers: &Numbers, act: &NewAct, submitted: &Submitted) -> Entry {
    let no_offices = Catalogue::new(Offer::default());
    registration::of_filed(&no_offices, numbers, (act, 1), submitted)
}
