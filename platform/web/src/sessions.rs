//! Who is logged in, kept on the server. The browser holds a random token; the table holds its digest.

pub(crate) mod store;

use base::Timestamp;
use database::Tx;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::{ActingFor, Settings, Visit, cookies, cookies::SetCookie};

/// How long an expired session is still recognised, so that what is typed in it can be parked.
const MEMORY: SignedDuration = SignedDuration::from_hours(24);
/// How long a login may stay half done.
const ON_THRESHOLD: SignedDuration = SignedDuration::from_mins(10);
/// The last visit is written at most this often.
const SEEN_STEP: SignedDuration = SignedDuration::from_secs(60);

/// The entrance a person came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// With a national e-ID.
    Citizen,
    /// The officials' own entrance.
    Staff,
    /// Before the officials' entrance, for ten minutes: who has shown the first of two proofs, or is about to show the
    /// only one. Such a session opens no page but those where the login goes on, and nobody is called logged in by it.
    Threshold,
}

impl Door {
    /// As stored, and as acts name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Staff => "staff",
            Self::Threshold => "threshold",
        }
    }

    fn stored(text: &str) -> Option<Self> {
        [Self::Citizen, Self::Staff, Self::Threshold].into_iter().find(|door| door.as_str() == text)
    }
}

/// What login found out about a person.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Fiscal code, or identifier of an official.
    pub subject: String,
    /// As the header shows it.
    pub name: String,
    /// Where the person came in.
    pub door: Door,
    /// Level of the e-ID, 1 to 3.
    pub level: u8,
    /// Whatever the identity room keeps of this login.
    pub data: serde_json::Value,
}

/// A person who is logged in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Digest of the token: names the session in logs and tables, opens nothing.
    pub key: String,
    /// Fiscal code, or identifier of an official.
    pub subject: String,
    /// As the header shows it.
    pub name: String,
    /// Where the person came in.
    pub door: Door,
    /// Level of the e-ID, 1 to 3.
    pub level: u8,
    /// Whatever the identity room keeps of this login.
    pub data: serde_json::Value,
    /// Time of login.
    pub signed_in_at: Timestamp,
    /// Last request, to the minute.
    pub seen_at: Timestamp,
    /// The absolute end.
    pub expires_at: Timestamp,
    /// For whom the person acts; `None` for themselves.
    pub acting: Option<ActingFor>,
    /// Whether forms of this person are parked; see [`crate::parked`].
    pub parked: bool,
}

/// A session that ended less than a day ago by the passing of time.
#[derive(Debug, Clone)]
pub struct Lapsed {
    /// Whose it was.
    pub subject: String,
    /// Where the person had come in.
    pub door: Door,
}

/// What a token is worth now.
#[derive(Debug)]
pub(crate) enum Standing {
    Nobody,
    Lapsed(Lapsed),
    Live(Box<Session>),
}

impl Standing {
    /// The end is whichever limit comes first.
    fn of(session: Session, settings: &Settings, now: Timestamp) -> Self {
        let idle_end = session.seen_at.saturating_add(settings.idle_limit).unwrap_or(Timestamp::MAX);
        let end = session.expires_at.min(idle_end);
        if now < end {
            Self::Live(Box::new(session))
        } else if now.duration_since(end) < MEMORY && session.door != Door::Threshold {
            Self::Lapsed(Lapsed { subject: session.subject, door: session.door })
        } else {
            Self::Nobody
        }
    }
}

/// Logs a person in: ends the session of this browser, if any, and begins another under a new token.
///
/// # Errors
/// When the database refuses the write.
pub async fn begin(tx: &mut Tx, visit: &Visit, new: NewSession) -> database::Result<SetCookie> {
    if let Some(old) = &visit.token {
        store::delete(tx, &digest(old)).await?;
    }
    let token = cookies::token(visit.web.chance());
    let settings = visit.web.settings();
    let limit = if new.door == Door::Threshold { ON_THRESHOLD } else { settings.absolute_limit };
    let expires_at = visit.now.saturating_add(limit).unwrap_or(Timestamp::MAX);
    store::insert(tx, &digest(&token), &new, visit.now, expires_at).await?;
    // Who only proves more acts on for the same person.
    let same = |old: &&Session| old.subject == new.subject && old.door == new.door;
    if let Some(acting) = visit.session.as_ref().filter(same).and_then(|old| old.acting.as_ref()) {
        store::act_for(tx, &digest(&token), Some(acting)).await?;
    }
    Ok(SetCookie::session(settings, &token))
}

/// The same login under a new token: neither its time nor its end changes. For what begins anew without a new proof of who
/// it is.
///
/// # Errors
/// When the database refuses the write.
pub async fn renew(tx: &mut Tx, visit: &Visit, session: &Session) -> database::Result<SetCookie> {
    store::delete(tx, &session.key).await?;
    let token = cookies::token(visit.web.chance());
    let Session { subject, name, door, level, data, .. } = session.clone();
    let same = NewSession { subject, name, door, level, data };
    store::insert(tx, &digest(&token), &same, session.signed_in_at, session.expires_at).await?;
    store::update_seen(tx, &digest(&token), visit.now).await?;
    Ok(SetCookie::session(visit.web.settings(), &token))
}

/// Takes a session out of the table: `true` for one caller alone, however many come with it at once. What may be done once
/// with a session (such as the question that a passkey answers) begins with this; what is not committed took nothing.
///
/// # Errors
/// When the database refuses the write.
pub async fn consume(tx: &mut Tx, session: &Session) -> database::Result<bool> {
    store::delete(tx, &session.key).await
}

/// Logs the person out; does nothing for who is not logged in.
///
/// # Errors
/// When the database refuses the write.
pub async fn end(tx: &mut Tx, visit: &Visit) -> database::Result<SetCookie> {
    if let Some(token) = &visit.token {
        store::delete(tx, &digest(token)).await?;
    }
    Ok(SetCookie::forget(visit.web.settings(), cookies::SESSION))
}

/// Replaces what the identity room keeps of a login.
///
/// # Errors
/// When the database refuses the write.
pub async fn keep(tx: &mut Tx, session: &Session, data: &serde_json::Value) -> database::Result<()> {
    store::update_data(tx, &session.key, data).await
}

/// From now on this session acts for somebody else, or for its person again.
///
/// # Errors
/// When the database refuses the write.
pub async fn act_for(tx: &mut Tx, session: &Session, acting: Option<&ActingFor>) -> database::Result<()> {
    store::act_for(tx, &session.key, acting).await
}

/// An authority has come to an end: every session that uses it says so from now on.
///
/// # Errors
/// When the database refuses the write.
pub async fn end_acting(tx: &mut Tx, under: &str) -> database::Result<()> {
    store::end_acting(tx, under).await
}

/// Ends every session of a person, on all devices; gives their number.
///
/// # Errors
/// When the database refuses the write.
pub async fn end_all(tx: &mut Tx, subject: &str) -> database::Result<u64> {
    store::delete_subject(tx, subject).await
}

/// Ends those sessions of a person that `chosen` knows, such as the one that an identity provider ends; gives their number.
///
/// # Errors
/// When the database refuses.
pub async fn end_where(tx: &mut Tx, subject: &str, chosen: impl Fn(&Session) -> bool) -> database::Result<u64> {
    let mut ended = 0;
    for session in store::of_subject(tx, subject).await?.into_iter().filter(|session| chosen(session)) {
        store::delete(tx, &session.key).await?;
        ended += 1;
    }
    Ok(ended)
}

/// How many other sessions of the visitor are open now.
///
/// # Errors
/// When the database refuses.
pub async fn others(tx: &mut Tx, visit: &Visit) -> database::Result<u32> {
    let Some(own) = &visit.session else { return Ok(0) };
    let live = |session: Session| {
        let other = session.key != own.key;
        other && matches!(Standing::of(session, visit.web.settings(), visit.now), Standing::Live(_))
    };
    let open = store::of_subject(tx, &own.subject).await?.into_iter().filter(|session| live(session.clone())).count();
    Ok(u32::try_from(open).unwrap_or(u32::MAX))
}

/// Ends the visitor's sessions but this one; gives the number of those that were open.
///
/// # Errors
/// When the database refuses the write.
pub async fn end_others(tx: &mut Tx, visit: &Visit) -> database::Result<u32> {
    let Some(own) = &visit.session else { return Ok(0) };
    let open = others(tx, visit).await?;
    end_where(tx, &own.subject, |session| session.key != own.key).await?;
    Ok(open)
}

/// Forgets sessions and parked forms that nobody can come back for; gives their number. For a daily job.
///
/// # Errors
/// When the database refuses the write.
pub async fn forget_old(tx: &mut Tx, settings: &Settings, now: Timestamp) -> database::Result<u64> {
    let horizon = now.saturating_sub(settings.absolute_limit.saturating_add(MEMORY)).unwrap_or(Timestamp::MIN);
    store::delete_before(tx, horizon).await
}

/// How many people are logged in by each door, for operators; those who left without saying so are among them until
/// their session ends.
///
/// # Errors
/// What the database refuses.
pub async fn open_at(tx: &mut Tx, now: Timestamp) -> database::Result<Vec<(String, i64)>> {
    store::open_at(tx, now).await
}

/// What the token of a request is worth; notes the visit when the last note is a minute old.
pub(crate) async fn recognise(web: &crate::Web, token: &str, now: Timestamp) -> database::Result<Standing> {
    let mut tx = web.database().glance().await?;
    let Some(session) = store::find(&mut tx, &digest(token)).await? else { return Ok(Standing::Nobody) };
    drop(tx);
    let standing = Standing::of(session, web.settings(), now);
    if let Standing::Live(session) = &standing
        && now.duration_since(session.seen_at).abs() >= SEEN_STEP
    {
        note_seen(web, &session.key, now).await;
    }
    Ok(standing)
}

/// A visit that cannot be noted (disk full, database busy) must not keep anybody from reading.
async fn note_seen(web: &crate::Web, key: &str, now: Timestamp) {
    let noted = async {
        let mut tx = web.database().begin().await?;
        store::update_seen(&mut tx, key, now).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the last visit of a session was not noted");
    }
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}
