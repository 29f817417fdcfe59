//! The account to which money goes: whoever acts for somebody else names it only with leave for that, and nobody names a new
//! one while it is not sure that the person is the person (see [`identity::freeze`]).

use base::{Language, Timestamp, Translated, long_timestamp};
use database::Tx;
use forms::{FieldError, Form, Kind, Path, Question};
use identity::Freeze;
use rules::Facts;
use web::Words;

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

/// Why a new account of `person` is not taken now from `actor`, if it is not: it is not sure that one of them is who they seem.
///
/// # Errors
/// What the database refuses.
pub async fn wait(
    tx: &mut Tx,
    (person, actor): (&str, &str),
    words: &Words,
    now: Timestamp,
) -> database::Result<Option<Translated>> {
    let mut freeze = identity::freeze(tx, person, now).await?;
    if freeze.is_none() && actor != person {
        freeze = identity::freeze(tx, actor, now).await?;
    }
    Ok(freeze.map(|freeze| match freeze {
        Freeze::Until(end) => {
            let said = |language: Language| (language, long_timestamp(end, language));
            let when = Translated::Many(Language::ALL.into_iter().map(said).collect());
            words.in_all("cases.ask.frozen_until", &[("when", &when)])
        }
        Freeze::UntilChecked => words.in_all("cases.ask.frozen", &[]),
    }))
}

/// Faults of the payment accounts among `answers` that are the person's own word and not `known`, because of `why`.
pub fn faults(form: &Form, answers: &Facts, why: &Translated, known: impl Fn(&Path) -> bool) -> Vec<FieldError> {
    let account = |path: &Path| form.question(path).is_some_and(|(_, question)| matches!(question.kind, Kind::Iban));
    let given = |path: &Path| path.get(answers).is_some_and(|value| !value.is_null());
    let new = Path::all(answers).into_iter().filter(|path| account(path) && given(path) && !known(path));
    new.map(|path| FieldError { path, code: CODE.to_owned(), text: why.clone() }).collect()
}
