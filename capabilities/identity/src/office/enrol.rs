//! Setting up a second proof: an app or a passkey. The first one comes with recovery codes.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use base::Language;
use database::Tx;
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Fault, Field},
    sessions, show,
};

use super::{
    ENROL, LOGIN, SECURITY,
    entering::{Enrolling, Proof, ask, enter},
    passkey::{Asking, PasskeyForm, Said},
};
use crate::{
    Identity,
    factors::{
        passkeys::{self, Refusal},
        recovery, totp,
    },
    store::{self, factors::App},
};

const PASSKEY: &str = "/ufficio/accesso/attiva/passkey";
/// Longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

#[derive(Template)]
#[template(path = "office/enrol.html")]
struct EnrolPage {
    page: Page,
    faults: Vec<Fault>,
    /// Whether the login waits for it.
    demanded: bool,
    picture: String,
    secret: String,
    sealed: String,
    code: Field,
    passkey: PasskeyForm,
}

/// What was not accepted.
enum Wrong {
    /// The code of an app; the sealed secret, so that the app need not be set up again.
    Code(String),
    Passkey,
}

/// `GET /ufficio/accesso/attiva`: an app or a passkey.
pub(super) async fn enrol_page(State(identity): State<Identity>, visit: Visit, enrolling: Enrolling) -> Answer {
    show(&page(&identity, &visit, &enrolling, None).await?)
}

/// `POST /ufficio/accesso/attiva`: the first code of an app.
pub(super) async fn enrol_app(
    State(identity): State<Identity>,
    visit: Visit,
    enrolling: Enrolling,
    posted: Posted,
) -> Answer {
    let (id, sealed) = (&enrolling.officer.id, posted.text("segreto").to_owned());
    let secret = identity.0.factors.vault.open(id, &sealed).filter(|secret| secret.len() == totp::SECRET_BYTES);
    let Some(secret) = secret else { return Ok(Redirect::to(ENROL).into_response()) };
    let typed: String = posted.text("codice").chars().filter(|c| !c.is_whitespace()).collect();
    let Some(last_step) = totp::step_of(&secret, &typed, visit.now, totp::NONE_USED) else {
        return web::show_faulty(&page(&identity, &visit, &enrolling, Some(Wrong::Code(sealed))).await?);
    };
    let Some((mut tx, enrolling)) = once(&visit, enrolling).await? else {
        return Ok(Redirect::to(LOGIN).into_response());
    };
    let id = &enrolling.officer.id;
    store::factors::put_app(&mut tx, id, &App { secret: sealed, last_step, since: visit.now }).await?;
    finish(tx, (&identity, &visit), enrolling, Proof::Code).await
}

/// `POST /ufficio/accesso/attiva/passkey`: a new passkey.
pub(super) async fn enrol_passkey(
    State(identity): State<Identity>,
    visit: Visit,
    enrolling: Enrolling,
    posted: Posted,
) -> Answer {
    let asking = Asking { identity: &identity, visit: &visit, kept: &enrolling.kept, verified: false };
    let made = Said::of(&posted)
        .ok_or(Refusal::Malformed)
        .and_then(|said| passkeys::register(&asking.asked(), &said.answered(), said.algorithm(), said.public_key()));
    let Some((mut tx, enrolling)) = once(&visit, enrolling).await? else {
        return Ok(Redirect::to(LOGIN).into_response());
    };
    let kept = match made {
        Ok(passkey) => {
            let typed: String = posted.text("nome").chars().take(LONGEST_NAME).collect();
            let name = if typed.is_empty() { visit.t("identity.passkey.unnamed").to_owned() } else { typed };
            store::passkeys::insert(&mut tx, &enrolling.officer.id, &name, &passkey, visit.now).await?
        }
        Err(refusal) => {
            tracing::warn!(officer = enrolling.officer.id, %refusal, "a new passkey was refused");
            false
        }
    };
    if !kept {
        drop(tx);
        return web::show_faulty(&page(&identity, &visit, &enrolling, Some(Wrong::Passkey)).await?);
    }
    finish(tx, (&identity, &visit), enrolling, Proof::Passkey).await
}

/// Begins to write, for one of those who come at once with this session; what the account has is read anew. `None` for the
/// others, and for who came with a password alone after somebody set up a second proof.
async fn once(visit: &Visit, enrolling: Enrolling) -> Result<Option<(Tx, Enrolling)>, Failure> {
    let mut tx = visit.web.database().begin().await?;
    if !sessions::consume(&mut tx, &enrolling.session).await? {
        return Ok(None);
    }
    let second = store::factors::any(&mut tx, &enrolling.officer.id).await?;
    let overtaken = second && !enrolling.second;
    Ok((!overtaken).then_some((tx, enrolling)))
}

/// A second proof is set up: other sessions of the account end, this one begins anew, with the time of its login
/// if it had two proofs already. With the first one recovery codes are given out.
async fn finish(mut tx: Tx, (identity, visit): (&Identity, &Visit), enrolling: Enrolling, proof: Proof) -> Answer {
    let (onward, first) = (enrolling.onward(), !enrolling.second);
    let (officer, kept) = (enrolling.officer, enrolling.kept.and(proof));
    let codes = if first { Some(give_recovery(&mut tx, visit, &officer.id).await?) } else { None };
    sessions::end_all(&mut tx, &officer.id).await?;
    let cookie = match first {
        true => enter(&mut tx, identity, visit, officer, kept).await?,
        false => sessions::renew(&mut tx, visit, &enrolling.session).await?,
    };
    tx.commit().await?;
    match codes {
        Some(codes) => Ok((cookie, show(&CodesPage::new(visit, codes, onward))?).into_response()),
        None => {
            Ok((cookie, SetCookie::notice(visit, "identity.security.added"), Redirect::to(SECURITY)).into_response())
        }
    }
}

/// Recovery codes in the place of those before, to be shown once.
pub(super) async fn give_recovery(tx: &mut Tx, visit: &Visit, id: &str) -> database::Result<Vec<String>> {
    let codes = recovery::fresh(visit.web.chance());
    let digests: Vec<_> = codes.iter().filter_map(|code| recovery::digest(id, code)).collect();
    store::factors::put_recovery(tx, id, &digests).await?;
    Ok(codes)
}

#[derive(Template)]
#[template(path = "office/codes.html")]
pub(super) struct CodesPage {
    page: Page,
    codes: Vec<String>,
    onward: String,
}

impl CodesPage {
    pub(super) fn new(visit: &Visit, codes: Vec<String>, onward: String) -> Self {
        Self { page: visit.page("identity.codes.title"), codes, onward }
    }
}

async fn page(
    identity: &Identity,
    visit: &Visit,
    enrolling: &Enrolling,
    wrong: Option<Wrong>,
) -> Result<EnrolPage, Failure> {
    let officer = &enrolling.officer;
    let held = store::passkeys::of_officer(&mut visit.web.database().read().await?, &officer.id).await?;
    let challenge = ask(visit, &enrolling.session).await?;
    let ids: Vec<_> = held.into_iter().map(|held| held.passkey.id).collect();
    let page = visit.page("identity.enrol.title").faulty(wrong.is_some());
    let faults = wrong.iter().map(|wrong| wrong.told(visit)).collect::<Vec<_>>();
    let vault = &identity.0.factors.vault;
    let again = wrong.and_then(Wrong::sealed).and_then(|sealed| Some((vault.open(&officer.id, &sealed)?, sealed)));
    let fresh = || {
        let secret = visit.web.chance().bytes::<{ totp::SECRET_BYTES }>();
        Some((secret.to_vec(), vault.seal(visit.web.chance(), &officer.id, &secret)?))
    };
    let (secret, sealed) =
        again.or_else(fresh).ok_or_else(|| Failure::internal(anyhow::anyhow!("a secret cannot be sealed")))?;
    let issuer = visit.web.settings().office.name.get(Language::Italian);
    Ok(EnrolPage {
        demanded: enrolling.arriving(),
        picture: totp::picture(&secret, &officer.id, issuer)
            .map_err(|error| Failure::internal(anyhow::anyhow!(error)))?,
        secret: totp::as_typed(&secret),
        sealed,
        code: Field::text("codice", page.t("identity.enrol.code"))
            .hint(page.t("identity.enrol.code_hint"))
            .input("text", "one-time-code")
            .width(10)
            .fault_from(&faults),
        passkey: PasskeyForm::get(visit, identity, challenge, PASSKEY).create(identity, officer, &ids),
        faults,
        page,
    })
}

impl Wrong {
    fn told(&self, visit: &Visit) -> Fault {
        let (field, key) = match self {
            Self::Code(_) => ("codice", "identity.enrol.code_wrong"),
            Self::Passkey => ("passkey", "identity.enrol.passkey_wrong"),
        };
        Fault { field: field.to_owned(), message: visit.t(key).to_owned() }
    }

    fn sealed(self) -> Option<String> {
        match self {
            Self::Code(sealed) => Some(sealed),
            Self::Passkey => None,
        }
    }
}
