//! The account to which money goes: whoever acts for somebody else names it only with leave for that, and nobody names a new
//! one while it is not sure that the person is the person (see [`identity::freeze`]).

use base::{Language, Timestamp, Translated, long_timestamp};
use database::Tx;
use forms::{FieldError, Form, Kind, Path, Question};
use identity::Freeze;
use rules::Facts;
use web::Words;

use crate::sequencer::Filing;

/// A stable name for tests and statistics.
const CODE: &str = "account-frozen";

/// The questions of a form that ask for an account.
pub fn asked(form: &Form) -> impl Iterator<Item = &Question> {
    form.questions().map(|(_, question)| question).filter(|question| question.kind == Kind::Iban)
}

/// Takes every account out of what was written.
pub fn take_out(form: &Form, facts: &mut Facts) {
    for path in Path::all(facts) {
        if form.question(&path).is_some_and(|(_, question)| question.kind == Kind::Iban) {
            path.remove(facts);
        }
    }
}

/// Why a new account of a person is not taken now from who acts (`who`, in this order), if it is not: it is not sure that
/// one of them is who they seem.
///
/// # Errors
/// What the database refuses.
pub async fn wait(
    tx: &mut Tx,
    who: (&str, &str),
    words: &Words,
    now: Timestamp,
) -> database::Result<Option<Translated>> {
    Ok(freeze_of_either(tx, who, now).await?.map(|freeze| match freeze {
        Freeze::Until(end) => {
            let said = |language: Language| (language, long_timestamp(end, language));
            let when = Translated::Many(Language::ALL.into_iter().map(said).collect());
            words.in_all("cases.ask.frozen_until", &[("when", &when)])
        }
        Freeze::UntilChecked => words.in_all("cases.ask.frozen", &[]),
    }))
}

/// Whether an application names a new account where none is taken now: asked once more in the unit of work that writes it,
/// because what was known when the page was read may have changed.
///
/// # Errors
/// What the database refuses.
pub async fn must_wait(tx: &mut Tx, filing: &Filing, now: Timestamp) -> database::Result<bool> {
    let told = &filing.submitted;
    let known = |path: &Path| told.sources.contains_key(&path.to_string());
    if own(&filing.service.form, &told.answers, known).is_empty() {
        return Ok(false);
    }
    Ok(freeze_of_either(tx, (&told.applicant.fiscal_code, &filing.actor.subject), now).await?.is_some())
}

async fn freeze_of_either(
    tx: &mut Tx,
    (person, actor): (&str, &str),
    now: Timestamp,
) -> database::Result<Option<Freeze>> {
    let freeze = identity::freeze(tx, person, now).await?;
    if freeze.is_some() || actor == person {
        return Ok(freeze);
    }
    identity::freeze(tx, actor, now).await
}

/// The accounts among `answers` that are the person's own word and not `known`.
fn own(form: &Form, answers: &Facts, known: impl Fn(&Path) -> bool) -> Vec<Path> {
    if asked(form).next().is_none() {
        return Vec::new();
    }
    let account = |path: &Path| form.question(path).is_some_and(|(_, question)| matches!(question.kind, Kind::Iban));
    let given = |path: &Path| path.get(answers).is_some_and(|value| !value.is_null());
    Path::all(answers).into_iter().filter(|path| account(path) && given(path) && !known(path)).collect()
}

/// Faults of the payment accounts among `answers` that are the person's own word and not `known`, because of `why`.
pub fn faults(form: &Form, answers: &Facts, why: &Translated, known: impl Fn(&Path) -> bool) -> Vec<FieldError> {
    let new = own(form, answers, known).into_iter();
    new.map(|path| FieldError { path, code: CODE.to_owned(), text: why.clone() }).collect()
}
