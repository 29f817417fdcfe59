//! A text that the person files on a case: an answer to a notice, or what is wrong with a filing at the counter.

use mandates::Verb;
use web::{Failure, components::Fault};

use super::Counter;
use crate::{
    case::Case,
    decide::{Deed, NotNow},
    perform::{Attempt, attempt},
    typed::{TypedText, too_long},
};

/// The field of a text.
pub struct TextField {
    /// Its name.
    pub name: &'static str,
    /// The most characters.
    pub longest: usize,
    /// The key of its label.
    pub label: &'static str,
    /// The key of what is said where nothing was written.
    pub empty: &'static str,
}

/// What came of filing one.
pub enum Sent {
    /// It is filed, now or before.
    Done,
    /// It cannot be filed as it was written.
    Faulty(Box<Case>, Vec<Fault>),
    /// Not in this state of the case any more; with what was typed.
    Moved(Box<Case>, NotNow, Vec<TypedText>),
}

/// Files it. Sending it again files nothing more.
pub async fn send(counter: &Counter, id: &str, (field, text): (&TextField, &str), deed: Deed) -> Result<Sent, Failure> {
    let visit = &counter.visit;
    let faults = too_long(visit, field.longest, [(field.name, text)]);
    if !faults.is_empty() {
        let (case, _) = counter.look(id, Verb::Object).await?;
        return Ok(Sent::Faulty(Box::new(case), faults));
    }
    Ok(match attempt(counter, id, &deed).await? {
        Attempt::Done(_) | Attempt::Again(_) => Sent::Done,
        Attempt::NotNow(case, NotNow::NoReasons) => {
            let message = visit.t(field.empty).to_owned();
            Sent::Faulty(Box::new(case), vec![Fault { field: field.name.to_owned(), message }])
        }
        Attempt::NotNow(case, why) => {
            Sent::Moved(Box::new(case), why, vec![TypedText::new(visit.t(field.label), text)])
        }
    })
}
