//! How far an official has come: on the threshold with one proof, or inside.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use database::Tx;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use web::{Door, Failure, NewSession, Session, SetCookie, Visit, sessions};

use base::Timestamp;

use super::{ENROL, HOME, LOGIN, SECOND, logins};
use crate::{Identity, Officer, store};

/// Who came in longer ago proves anew who he is before the ways in are changed.
const RECENT: SignedDuration = SignedDuration::from_mins(15);
/// Level of a session that a password alone opened, and of one with two proofs.
const LEVELS: [u8; 2] = [1, 2];

/// How an official proved who he is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Proof {
    Password,
    /// Of an app.
    Code,
    RecoveryCode,
    Passkey,
    /// The word of the administration's own provider.
    Provider,
    /// The same, who says that it was proved twice.
    ProviderTwice,
}

impl Proof {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::RecoveryCode => "recovery-code",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::ProviderTwice => "provider-twice",
        }
    }

    /// Whether it is but the first of two.
    fn is_single(self) -> bool {
        matches!(self, Self::Password | Self::Provider)
    }
}

/// What is known of a login at the administration's own provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct AtProvider {
    /// Its name of the session there.
    pub(super) session: Option<String>,
    /// When it was proved there who it is.
    pub(super) proved_at: Option<Timestamp>,
}

/// What the session of an official keeps of the login.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    pub(super) proofs: Vec<Proof>,
    /// Where the login leads.
    pub(super) back: String,
    /// What a passkey was last asked to sign, base64url.
    pub(super) challenge: String,
    /// Where the provider let them in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider: Option<AtProvider>,
}

impl Kept {
    pub(super) fn of(session: &Session) -> Self {
        serde_json::from_value(session.data.clone()).unwrap_or_default()
    }

    /// One proof more.
    pub(super) fn and(mut self, proof: Proof) -> Self {
        self.proofs.push(proof);
        self
    }

    /// The proofs, as the list of logins has them.
    fn shown(&self) -> String {
        self.proofs.iter().map(|proof| proof.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn level(&self) -> u8 {
        LEVELS[usize::from(!self.proofs.iter().copied().all(Proof::is_single))]
    }
}

/// From the first proof on: inside, or on the threshold of the second; and where that is.
pub(super) async fn go_on(
    tx: &mut Tx,
    identity: &Identity,
    visit: &Visit,
    officer: Officer,
    kept: Kept,
) -> database::Result<(SetCookie, String)> {
    let second = store::factors::any(tx, &officer.id).await?;
    if kept.level() == LEVELS[1] || !(second || identity.0.factors.demanded) {
        let back = back(&kept.back);
        return Ok((enter(tx, identity, visit, officer, kept).await?, back));
    }
    let next = if second { SECOND } else { ENROL };
    Ok((wait_on_threshold(tx, visit, Some(officer), kept).await?, next.to_owned()))
}

/// Leaves an official on the threshold: `officer` has given one proof, `None` is about to show a passkey.
pub(super) async fn wait_on_threshold(
    tx: &mut Tx,
    visit: &Visit,
    officer: Option<Officer>,
    kept: Kept,
) -> database::Result<SetCookie> {
    let (subject, name) = officer.map(|officer| (officer.id, officer.name)).unwrap_or_default();
    let session = NewSession { subject, name, door: Door::Threshold, level: 0, data: serde_json::json!(kept) };
    sessions::begin(tx, visit, session).await
}

/// The session of an official who proved who he is, under a new token. A passkey that made sure of its holder is two proofs.
pub(super) async fn enter(
    tx: &mut Tx,
    identity: &Identity,
    visit: &Visit,
    officer: Officer,
    kept: Kept,
) -> database::Result<SetCookie> {
    store::staff::note_login(tx, &officer.id, visit.now).await?;
    logins::note(tx, (identity, visit), &officer.id, (&kept.shown(), true)).await?;
    let level = kept.level();
    let data = serde_json::json!(Kept { back: String::new(), challenge: String::new(), ..kept });
    let session = NewSession { subject: officer.id, name: officer.name, door: Door::Staff, level, data };
    sessions::begin(tx, visit, session).await
}

/// A fresh question for a passkey, kept with the session: the one before is worth nothing any more.
pub(super) async fn ask(visit: &Visit, session: &Session) -> database::Result<String> {
    let challenge = URL_SAFE_NO_PAD.encode(visit.web.chance().bytes::<32>());
    let kept = Kept { challenge: challenge.clone(), ..Kept::of(session) };
    let mut tx = visit.web.database().begin().await?;
    sessions::keep(&mut tx, session, &serde_json::json!(kept)).await?;
    tx.commit().await?;
    Ok(challenge)
}

/// An official who has given one proof, and not yet the second.
pub(super) struct Arriving {
    pub(super) officer: Officer,
    pub(super) session: Session,
    pub(super) kept: Kept,
}

impl<S: Sync> FromRequestParts<S> for Arriving {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let session = visit.session.clone().filter(|session| session.door == Door::Threshold);
        let Some(session) = session else { return Err(Redirect::to(LOGIN).into_response()) };
        let officer = active(&visit, &session).await.map_err(IntoResponse::into_response)?;
        let Some(officer) = officer else { return Err(Redirect::to(LOGIN).into_response()) };
        Ok(Self { officer, kept: Kept::of(&session), session })
    }
}

async fn active(visit: &Visit, session: &Session) -> Result<Option<Officer>, Failure> {
    let mut tx = visit.web.database().read().await?;
    Ok(store::staff::active(&mut tx, &session.subject).await?)
}

/// An official who may change the ways in: who came in just now with as many proofs as the account has; or who has shown
/// the password, and has no second proof yet.
pub(super) struct Enrolling {
    pub(super) officer: Officer,
    pub(super) session: Session,
    pub(super) kept: Kept,
    /// Whether the account has a second proof already.
    pub(super) second: bool,
}

impl<S: Sync> FromRequestParts<S> for Enrolling {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let elsewhere = |place: &str| Redirect::to(place).into_response();
        let Some(session) = visit.session.clone().filter(|session| session.door != Door::Citizen) else {
            return Err(elsewhere(LOGIN));
        };
        let found = Self::find(&visit, &session).await.map_err(IntoResponse::into_response)?;
        let Some((officer, second)) = found else { return Err(elsewhere(LOGIN)) };
        let kept = Kept::of(&session);
        // Who has come in by the provider may have shown it nothing but a cookie: what counts is when they last proved it there.
        let proved_at = kept.provider.as_ref().map_or(Some(session.signed_in_at), |provider| provider.proved_at);
        let recent = proved_at.is_some_and(|at| visit.now.duration_since(at) < RECENT);
        match session.door {
            Door::Threshold if second => Err(elsewhere(super::SECOND)),
            // The first second proof is set up by who has just shown the provider who they are: a cookie of it may be anybody's.
            Door::Threshold if kept.provider.is_some() && !recent => Err(elsewhere(super::provider::ANEW)),
            Door::Staff if !recent || (second && session.level < LEVELS[1]) => {
                Err(elsewhere(&format!("{LOGIN}?conferma=1&ritorno={}", super::SECURITY)))
            }
            _ => Ok(Self { officer, kept, session, second }),
        }
    }
}

/// An official inside who may change the ways in: [`Enrolling`], with the login behind.
pub(super) struct Changing(pub(super) Enrolling);

impl<S: Sync> FromRequestParts<S> for Changing {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let enrolling = Enrolling::from_request_parts(parts, state).await?;
        if enrolling.arriving() { Err(Redirect::to(super::ENROL).into_response()) } else { Ok(Self(enrolling)) }
    }
}

impl Enrolling {
    async fn find(visit: &Visit, session: &Session) -> Result<Option<(Officer, bool)>, Failure> {
        let mut tx = visit.web.database().read().await?;
        let Some(officer) = store::staff::active(&mut tx, &session.subject).await? else { return Ok(None) };
        let second = store::factors::any(&mut tx, &officer.id).await?;
        Ok(Some((officer, second)))
    }

    /// Whether the login is still under way.
    pub(super) fn arriving(&self) -> bool {
        self.session.door == Door::Threshold
    }

    /// Where to go on from here.
    pub(super) fn onward(&self) -> String {
        if self.arriving() { back(&self.kept.back) } else { super::SECURITY.to_owned() }
    }
}

/// Officials return to pages of the office only, and not to the login. The path was or will be checked to be local by the
/// first characters.
pub(super) fn back(path: &str) -> String {
    let odd = |c: char| c == '\\' || c.is_control();
    let below =
        |place: &str| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    if below(HOME) && !below(LOGIN) && !path.contains(odd) { path.to_owned() } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn officials_return_to_the_office_only() {
        for own in ["/ufficio", "/ufficio/pratiche?stato=aperta", "/ufficio?x=1"] {
            assert_eq!(back(own), own);
        }
        for other in [
            "",
            "/",
            "/ufficioso",
            "//altrove.example",
            "https://altrove.example/ufficio",
            "/ufficio/\\x",
            "/ufficio/\n",
            "/ufficio/accesso/secondo",
        ] {
            assert_eq!(back(other), "/ufficio", "{other}");
        }
    }
}
