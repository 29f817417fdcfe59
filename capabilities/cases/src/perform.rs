//! The one way in which a case that exists is changed.

use acts::{Actor, NewAct};
use async_trait::async_trait;
use base::{Timestamp, rome_date};
use database::Tx;
use protocol::Numbers;
use web::Failure;

use crate::{
    case::Case,
    decide::{Context, Deed, NotNow},
    registration,
    room::Cases,
    store,
};

/// Somebody at a case: the applicant, who acts for them, or an officer of its office.
#[async_trait]
pub trait Party: Send + Sync {
    /// The room.
    fn cases(&self) -> &Cases;

    /// The case, if this may be done to it by this person, and under which name it is done; where readings are written
    /// down, so is this one.
    async fn case(&self, tx: &mut Tx, id: &str, deed: &Deed) -> Result<(Case, Actor), Failure>;
}

/// What came of a deed.
pub enum Attempt {
    /// It is done.
    Done(Case),
    /// The same person had done it already: the form was sent twice.
    Again(Case),
    /// It cannot be done now.
    NotNow(Case, NotNow),
}

/// How often a deed is tried when somebody else writes to the case at the same moment.
const ATTEMPTS: usize = 5;

/// Reads, decides and writes in one transaction, together with the files that belong to it. Who is overtaken between
/// reading and writing is decided upon anew, on what the case has become.
///
/// # Errors
/// [`Failure::Busy`] when somebody else was faster each time; otherwise what the database refuses.
pub async fn attempt(party: &dyn Party, id: &str, deed: &Deed) -> Result<Attempt, Failure> {
    for _ in 0..ATTEMPTS {
        match once(party, id, deed).await {
            Err(Failure::Conflict(store::STALE)) => {}
            other => return other,
        }
    }
    Err(Failure::Busy)
}

async fn once(party: &dyn Party, id: &str, deed: &Deed) -> Result<Attempt, Failure> {
    let cases = party.cases();
    let mut tx = cases.web.database().begin().await?;
    let (case, actor) = party.case(&mut tx, id, deed).await?;
    let attempt = if deed.was_done(&case, &actor) {
        Attempt::Again(case)
    } else {
        match cases.perform(&mut tx, &case, &actor, |case, context| deed.decide(case, context)).await? {
            Ok(after) => {
                store::attach(&mut tx, &case.submitted.applicant.fiscal_code, &deed.files(), case.id).await?;
                Attempt::Done(after)
            }
            Err(why) => Attempt::NotNow(case, why),
        }
    };
    tx.commit().await?; // an officer's reading counts, whatever came of it
    Ok(attempt)
}

impl Cases {
    /// Decides on the case as it was read in this transaction, appends the act on the condition that nobody wrote
    /// meanwhile, and writes the row; or gives back why it cannot be done now. One instant says it all: the day of the
    /// decision is that of the act. What follows later (the end of a request, the effect of
    /// silence) is enqueued with it. The caller commits.
    ///
    /// # Errors
    /// [`Failure::Conflict`] with the key of what to say when the case has moved on; otherwise what the database refuses.
    pub async fn perform(
        &self,
        tx: &mut Tx,
        case: &Case,
        actor: &Actor,
        decide: impl FnOnce(&Case, &Context<'_>) -> Result<NewAct, NotNow> + Send,
    ) -> Result<Result<Case, NotNow>, Failure> {
        let service = self.service_of(tx, case).await?;
        let now = self.web.clock().now();
        // Citizens' deeds ask for nobody's impartiality.
        let ground = match actor.door {
            acts::Door::Staff => self.whole_ground(tx, case, &service).await?,
            _ => self.ground(case, &service),
        };
        let mut act = match decide(case, &ground.context(actor, rome_date(now))) {
            Ok(act) => act,
            Err(why) => return Ok(Err(why)),
        };
        let now = self.register(tx, case, &mut act, now).await?;
        let calendar = self.calendar_of(registration::receiving_office(&act).unwrap_or(case.office().id));
        let rules = (&service.process.rules, &*calendar);
        let after = store::write(tx, self.web.chance(), rules, case.clone(), (now, act)).await?;
        Ok(Ok(after))
    }

    /// What an applicant files, or an office passes on, gets its number in the transaction that writes it; gives the
    /// instant of the act, which is that of its registration (art. 18-bis L. 241/1990).
    async fn register(&self, tx: &mut Tx, case: &Case, act: &mut NewAct, now: Timestamp) -> Result<Timestamp, Failure> {
        if let Some(to) = registration::receiving_office(act).map(str::to_owned) {
            return self.register_passage(tx, case, (act, &to), now).await;
        }
        if !registration::is_filed_later(act.kind) {
            return Ok(now);
        }
        let numbers = protocol::next_number(tx, case.office().id, now).await?;
        registration::number(&mut act.payload, &numbers);
        let seq = case.last_seq() + 1;
        let entry = registration::of_filed(&self.catalogue, &numbers, (act, seq), &case.submitted);
        protocol::register(tx, &entry).await?;
        Ok(numbers.at)
    }

    /// Out of one register and into the other, both of one instant.
    async fn register_passage(
        &self,
        tx: &mut Tx,
        case: &Case,
        (act, to): (&mut NewAct, &str),
        now: Timestamp,
    ) -> Result<Timestamp, Failure> {
        let (sent, received) = both_numbers(tx, (case.office().id, to), now).await?;
        registration::number_passage(&mut act.payload, (&sent, &received));
        for entry in registration::of_passage(&self.catalogue, (&sent, &received), act, case) {
            protocol::register(tx, &entry).await?;
        }
        Ok(received.at)
    }
}

/// The next numbers of two registers, of one instant: later than `now` where one of them was further. Registers are taken in
/// the order of their names, as for applications: of two units of work none waits for the other.
async fn both_numbers(tx: &mut Tx, (from, to): (&str, &str), now: Timestamp) -> database::Result<(Numbers, Numbers)> {
    let (first, second) = if from < to { (from, to) } else { (to, from) };
    let at = protocol::next_numbers(tx, first, now, 0).await?.at;
    let at = protocol::next_numbers(tx, second, at, 0).await?.at;
    let first = protocol::next_number(tx, first, at).await?;
    let second = protocol::next_number(tx, second, first.at).await?;
    Ok(if from < to { (first, second) } else { (second, first) })
}
