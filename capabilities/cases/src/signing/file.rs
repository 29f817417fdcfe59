//! Signing, and what comes of the last signature.

use base::{Date, Timestamp, Uuid, rome_date};
use database::Tx;
use jiff::SignedDuration;
use mandates::Claim;
use web::Failure;

use super::{Answer, Answered, Kept, Move, NotSigned, Signing, State, jobs};
use crate::{
    computed::computed,
    payload::{Protocol, Signature, Signed},
    room::Cases,
    sequencer::{Filed, Filing},
    store,
};

/// How long the applicant waits between one reminder and the next.
const PACE: SignedDuration = SignedDuration::from_hours(24);

/// Who signs, as their e-ID says.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// Fiscal code.
    pub code: &'a str,
    /// Given name and surname.
    pub name: &'a str,
    /// Level of the e-ID.
    pub level: u8,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Done {
    /// Written down; others are still awaited, or it was declined.
    Noted,
    /// It was the last signature: the application is filed.
    Filed,
    /// Not taken, and why.
    Not(NotSigned),
    /// Another application for the same stands meanwhile: this one is not filed, and the signature not taken.
    Standing,
    /// It names an account, and for now none is taken of the applicant: the signature is not taken either.
    Frozen,
}

/// Signs what has this digest. With the last signature the application is filed in the same unit of work.
///
/// # Errors
/// [`Failure::NotFound`] where this person has nothing to sign; otherwise what the database refuses.
pub async fn sign(cases: &Cases, id: Uuid, signer: Signer<'_>, digest: &str) -> Result<Done, Failure> {
    act(cases, id, signer, (Answer::Signed, digest, "")).await
}

/// Declines, and says why: nobody signs any more.
///
/// # Errors
/// See [`sign`].
pub async fn decline(cases: &Cases, id: Uuid, signer: Signer<'_>, reason: &str) -> Result<Done, Failure> {
    act(cases, id, signer, (Answer::Declined, "", reason)).await
}

async fn act(
    cases: &Cases,
    id: Uuid,
    signer: Signer<'_>,
    (answer, digest, reason): (Answer, &str, &str),
) -> Result<Done, Failure> {
    let mut tx = cases.web.database().begin().await?;
    let before = store::hold_signing(&mut tx, id).await?.ok_or(Failure::NotFound)?;
    let at = cases.web.clock().now();
    let text = |text: &str| text.to_owned();
    let answered = Answered {
        answer,
        at,
        name: text(signer.name),
        level: signer.level,
        digest: text(digest),
        reason: text(reason),
    };
    let done = match answer {
        Answer::Signed => Move::Sign(answered.clone()),
        Answer::Declined => Move::Decline(answered.clone()),
    };
    let mut after = match before.after(signer.code, done) {
        Ok(after) => after,
        Err(NotSigned::Stranger) => return Err(Failure::NotFound),
        Err(why) => {
            tx.commit().await?; // what was read may be of a unit that shares this commit
            return Ok(Done::Not(why));
        }
    };
    store::answer_signing(&mut tx, id, signer.code, &answered).await?;
    if after.state == State::Filed {
        match file(cases, &mut tx, &after, at).await? {
            Filed::Case(case) => after.case = Some(case),
            Filed::Standing => return Ok(Done::Standing),
            Filed::Frozen => return Ok(Done::Frozen),
            Filed::NoLonger => return Err(Failure::NoLongerFor),
            Filed::OtherDay(day) => return Err(Failure::internal(anyhow::anyhow!("{day} is not the day of {at}"))),
        }
    }
    if after.state != State::Waiting {
        store::update_signing(&mut tx, &after).await?;
        jobs::forget_timers(&mut tx, id).await?;
    }
    let filed = after.state == State::Filed;
    tx.commit().await?;
    Ok(if filed { Done::Filed } else { Done::Noted })
}

/// Files what was confirmed and signed, by the law and the terms of this day; the version is the one that was signed.
async fn file(cases: &Cases, tx: &mut Tx, signing: &Signing, now: Timestamp) -> Result<Filed, Failure> {
    let gone = |what: &str| Failure::internal(anyhow::anyhow!("signing {}: {what}", signing.id));
    let kept = store::kept_of_signing(tx, signing.id).await?.ok_or_else(|| gone("its content is gone"))?;
    let service = cases.catalogue.pinned(tx, &signing.service, &signing.service_version).await?;
    let service = service.ok_or_else(|| gone("its version is not kept"))?;
    let (day, calendar) = (rome_date(now), cases.calendar_of(&service.office));
    let Kept { mut submitted, actor, key, uploads, known, text } = kept;
    submitted.protocol = Protocol::awaited(&service.office, day);
    submitted.decision = computed(service.program.as_ref(), &submitted.answers, day);
    submitted.due = due(&service, &calendar, day);
    submitted.signed = Some(signed(signing, text, actor.level));
    let case = base::new_id(cases.web.clock(), cases.web.chance());
    let claim = Claim::oneself(actor.clone()); // nobody confirms for somebody else what others must sign
    let draft_owner = signing.applicant.clone();
    let filing = Filing { case, key, claim, actor, draft_owner, submitted, service, calendar, day, uploads, known };
    cases.sequencer.file_one(tx, filing, now).await
}

fn due(service: &catalogue::Service, calendar: &deadlines::Calendar, day: Date) -> Date {
    deadlines::receipt_terms(day, &service.process.rules, calendar).answer_by
}

fn signed(signing: &Signing, text: String, level: u8) -> Signed {
    let mut signatures: Vec<Signature> = signing
        .signed()
        .map(|(person, answered)| Signature {
            fiscal_code: person.code.clone(),
            name: answered.name.clone(),
            role: person.role.clone(),
            at: answered.at,
            level: answered.level,
            digest: answered.digest.clone(),
        })
        .collect();
    signatures.sort_by_key(|one| one.at);
    Signed { text, digest: signing.digest.clone(), confirmed_at: signing.confirmed_at, level, signatures }
}

/// Whether the applicant can have everybody reminded now; otherwise from when on.
#[must_use]
pub fn reminds_from(signing: &Signing, now: Timestamp) -> Option<Timestamp> {
    let next = signing.asked_again_at?.saturating_add(PACE).ok()?;
    (now < next).then_some(next)
}

/// Has everybody reminded who has not answered. `false`: it was done not long ago, or nobody is awaited.
///
/// # Errors
/// What the database refuses.
pub async fn remind(cases: &Cases, applicant: &str, service: &str) -> Result<bool, Failure> {
    let mut tx = cases.web.database().begin().await?;
    let now = cases.web.clock().now();
    let Some(mut signing) = held(&mut tx, applicant, service, now).await? else { return Ok(false) };
    if reminds_from(&signing, now).is_some() {
        return Ok(false);
    }
    signing.asked_again_at = Some(now);
    store::update_signing(&mut tx, &signing).await?;
    store::remind_signers(&mut tx, signing.id, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes an application back that waits for signatures: those given fall, and the draft can be changed again. `false`:
/// none waits.
///
/// # Errors
/// What the database refuses.
pub async fn take_back(cases: &Cases, applicant: &str, service: &str) -> Result<bool, Failure> {
    let mut tx = cases.web.database().begin().await?;
    let now = cases.web.clock().now();
    let Some(mut signing) = held(&mut tx, applicant, service, now).await? else { return Ok(false) };
    (signing.state, signing.ended_at) = (State::TakenBack, Some(now));
    store::update_signing(&mut tx, &signing).await?;
    jobs::forget_timers(&mut tx, signing.id).await?;
    tx.commit().await?;
    Ok(true)
}

/// What waits of this person's, so that nobody else changes it.
async fn held(tx: &mut Tx, applicant: &str, service: &str, now: Timestamp) -> Result<Option<Signing>, Failure> {
    let Some(last) = store::last_signing(tx, applicant, service).await? else { return Ok(None) };
    let held = store::hold_signing(tx, last.id).await?;
    Ok(held.filter(|signing| signing.state_at(now) == State::Waiting))
}
