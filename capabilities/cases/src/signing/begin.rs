//! From the confirmation to the waiting.

use base::{Timestamp, Uuid, rome_date, rome_midnight};
use catalogue::{InTime, Process, Signatures};
use database::Tx;
use jiff::{SignedDuration, ToSpan};
use serde_json::json;
use web::Failure;

use super::{Kept, Needed, Person, Signing, State, jobs, text};
use crate::{room::Cases, sequencer::Filing, store};

/// What came of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It waits for signatures, or did already.
    Waiting,
    /// The window closes before anybody could sign, and signatures count.
    TooLate,
}

/// Keeps what was confirmed until everybody signed. Who confirms twice begins once.
///
/// # Errors
/// What the database refuses.
pub async fn begin(cases: &Cases, filing: Filing, needed: &[Needed]) -> Result<Begun, Failure> {
    let Some(signatures) = &filing.service.process.signatures else {
        return Err(Failure::internal(anyhow::anyhow!("{} asks for no signatures", filing.service.slug)));
    };
    let mut tx = cases.web.database().begin().await?;
    let now = cases.web.clock().now();
    let expires_at = expiry(&filing.service.process, signatures, now);
    if expires_at <= now {
        return Ok(Begun::TooLate);
    }
    end_overdue(&mut tx, &filing, now).await?;
    let id = base::new_id(cases.web.clock(), cases.web.chance());
    let (signing, kept) = prepared(&filing, (id, now, expires_at), signatures, needed);
    if store::insert_signing(&mut tx, &signing, &kept).await? {
        set_timers(&mut tx, &signing, signatures).await?;
    }
    tx.commit().await?;
    Ok(Begun::Waiting)
}

/// Whether an application of this person waits for signatures: its draft is not to be changed meanwhile.
///
/// # Errors
/// What the database refuses.
pub async fn waits(tx: &mut Tx, process: &Process, who: (&str, &str), now: Timestamp) -> Result<bool, Failure> {
    Ok(process.signatures.is_some() && store::signing_waits(tx, who.0, who.1, now).await?)
}

/// The end of the last day on which somebody can sign; where signatures count for the window, no later than that closes.
fn expiry(process: &Process, signatures: &Signatures, now: Timestamp) -> Timestamp {
    let days = i32::from(signatures.days) + 1;
    let day_after = rome_date(now).checked_add(days.days()).unwrap_or(rome_date(now));
    let end = rome_midnight(day_after);
    match (&process.window, signatures.in_time) {
        (Some(window), Some(InTime::Signed)) => end.min(window.closes),
        _ => end,
    }
}

/// One whose time is over, and that no job has ended yet, does not stand in the way of another.
async fn end_overdue(tx: &mut Tx, filing: &Filing, now: Timestamp) -> Result<(), Failure> {
    let applicant = &filing.submitted.applicant.fiscal_code;
    let Some(last) = store::last_signing(tx, applicant, &filing.service.slug).await? else { return Ok(()) };
    if last.state == State::Waiting && last.state_at(now) == State::Expired {
        jobs::expire(tx, last.id, now).await?;
    }
    Ok(())
}

fn prepared(
    filing: &Filing,
    (id, now, expires_at): (Uuid, Timestamp, Timestamp),
    signatures: &Signatures,
    needed: &[Needed],
) -> (Signing, Kept) {
    let (submitted, service) = (&filing.submitted, &filing.service);
    let told = text::Application {
        id,
        service,
        office: &submitted.office_name,
        applicant: &submitted.applicant.name,
        confirmed_at: now,
        answers: &submitted.answers,
    };
    let text = text::text(&told, signatures, needed);
    let person =
        |one: &Needed| Person { code: one.code.clone(), role: one.role.clone(), answered: None, reminded_at: None };
    let signing = Signing {
        id,
        applicant: submitted.applicant.fiscal_code.clone(),
        applicant_name: submitted.applicant.name.clone(),
        service: service.slug.clone(),
        service_version: service.version.clone(),
        service_name: submitted.service_name.clone(),
        state: State::Waiting,
        confirmed_at: now,
        expires_at,
        digest: text::digest(&text),
        ended_at: None,
        asked_again_at: None,
        case: None,
        people: needed.iter().map(person).collect(),
    };
    let kept = Kept {
        submitted: submitted.clone(),
        actor: filing.actor.clone(),
        key: filing.key.clone(),
        uploads: filing.uploads.clone(),
        known: filing.known.clone(),
        text,
    };
    (signing, kept)
}

async fn set_timers(tx: &mut Tx, signing: &Signing, signatures: &Signatures) -> Result<(), Failure> {
    let payload = json!({ "signing": signing.id });
    queue::enqueue(tx, jobs::EXPIRY, &jobs::key(jobs::EXPIRY, signing.id), &payload, signing.expires_at).await?;
    let every = i64::from(signatures.remind_days) * 24;
    let first = signing.confirmed_at.saturating_add(SignedDuration::from_hours(every)).unwrap_or(Timestamp::MAX);
    if first < signing.expires_at {
        let payload = json!({ "signing": signing.id, "hours": every });
        queue::enqueue(tx, jobs::REMINDER, &jobs::key(jobs::REMINDER, signing.id), &payload, first).await?;
    }
    Ok(())
}
