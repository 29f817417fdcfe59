//! What may be done to a case, and by whom: pure decisions that give the act to be written, or say why not.

mod allowed;
mod asking;
mod deed;
mod holding;
mod not_now;
mod outcome;
mod refusal;

use acts::{Actor, NewAct};
use base::{Date, Uuid};
use deadlines::{Calendar, Rules};
use rules::Program;
use serde::Serialize;

pub use allowed::{Step, allowed, notice_first};
pub use asking::{deadline_fits, lapse, last_deadline, request_integration, supply};
pub use deed::{Deed, Supply, last_by_a_person};
pub use holding::{assign, note, release, take};
pub use not_now::NotNow;
pub use outcome::{grant, withdraw};
pub use refusal::{observe, propose_refusal, refuse};

/// What a decision looks at besides the case.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// The flags of the service's proceeding.
    pub rules: &'a Rules,
    /// The office's holidays.
    pub calendar: &'a Calendar,
    /// The law of the service as a program, where there is something to compute.
    pub law: Option<&'a Program>,
    /// The day in Italy.
    pub today: Date,
    /// The unit of what the service pays (`euro/mese`), where it pays something.
    pub amount_unit: Option<&'a str>,
}

impl Context<'_> {
    fn act(&self, case: Uuid, kind: &'static str, payload: &impl Serialize) -> NewAct {
        let payload =
            serde_json::to_value(payload).expect("our payloads have text keys and nothing that fails to serialise");
        NewAct { case, kind, actor: self.actor.clone(), payload }
    }
}

fn required(text: &str) -> Result<String, NotNow> {
    let text = text.trim();
    if text.is_empty() { Err(NotNow::NoReasons) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests;
