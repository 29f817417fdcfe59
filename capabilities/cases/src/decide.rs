//! What may be done to a case, and by whom: pure decisions that give the act to be written, or say why not.

mod allowed;
mod asking;
mod deed;
mod holding;
mod not_now;
mod opinion;
mod outcome;
mod passing;
mod refusal;
mod time;
mod together;

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
pub use opinion::{Question, advise, consult, last_opinion_day, remind};
pub use outcome::{grant, withdraw};
pub use passing::{OtherOffice, pass_on, term_at};
pub use refusal::{Refusing, contest, observe, propose_refusal, refuse};
pub use time::{call_substitute, extend, settle_by_silence, take_over, timing};
pub use together::grant_together;

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
    /// The laws on which exceptions to the term rest.
    pub laws: Laws<'a>,
    /// The unit of what the service pays (`euro/mese`), where it pays something.
    pub amount_unit: Option<&'a str>,
    /// The other offices that may have a case of this service.
    pub other_offices: &'a [OtherOffice],
    /// Accounts of officials whom the case names.
    pub concerned: &'a [String],
}

/// The laws that `process.toml` names for what is not the rule.
#[derive(Debug, Clone, Copy, Default)]
pub struct Laws<'a> {
    /// By which silence decides.
    pub silence: Option<&'a str>,
    /// By which the office may extend its term.
    pub extension: Option<&'a str>,
}

impl Context<'_> {
    /// Who decides, as decisions are signed: with whose work they do, where that one is away. In Italian, the language of
    /// acts.
    fn signature(&self) -> String {
        let stands_in = self.actor.authority.as_ref().filter(|authority| authority.kind == identity::STAND_IN);
        let name = &self.actor.name;
        stands_in.map_or_else(|| name.clone(), |away| format!("{name}, in sostituzione di {}", away.principal))
    }

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
