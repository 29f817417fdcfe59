//! The account to which money goes: whoever acts for somebody else names it only with leave for that.

use forms::{Form, Kind, Path, Question};
use rules::Facts;

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
