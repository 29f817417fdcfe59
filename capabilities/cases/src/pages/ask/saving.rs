use base::Translated;
use forms::{FieldError, Kind, Path, overlay};
use mandates::Verb;
use rules::{Facts, Value};
use web::{Posted, Visit};

use super::{
    Application, By,
    merge::{self, Merged, Seen},
};
use crate::{account, files::KeptFiles, inputs::Typed};

/// A page that was sent, put on the draft as it is at that moment.
pub struct Saving {
    /// What was typed, to be shown again.
    pub typed: Typed,
    /// What was not understood or does not fit.
    pub problems: Vec<FieldError>,
    /// Fields that another device changed meanwhile to something else, with its value in words.
    pub contested: Vec<FieldError>,
}

impl Saving {
    /// Writes into the draft what can be written: everything but contested fields.
    pub fn put(application: &mut Application, visit: &Visit, id: &str, posted: &Posted, files: &KeptFiles) -> Self {
        let reading = application.form().read(id, &posted.fields, application.answers(), application.today);
        let mut typed = reading.raw;
        let mut facts = reading.facts;
        let mut errors = reading.errors;
        if !application.allows(Verb::Account) {
            account::take_out(application.form(), &mut facts);
            errors.retain(|error| account::asked(application.form()).all(|one| one.id != error.path.id));
        }
        // Whoever acts for somebody else, and of whom it is not sure who they are, leaves no account in their draft: the
        // next one to send it may not be asked.
        if let Some(why) = application.frozen.as_ref().filter(|_| !application.is_own()) {
            let known = |path: &Path| application.is_known(path);
            errors.extend(account::faults(application.form(), &facts, why, known));
            account::take_out(application.form(), &mut facts);
        }
        let merged = merged(application, &settled(application, facts), posted);
        for path in &merged.theirs {
            let (name, part) = (path.to_string(), format!("{path}."));
            typed.retain(|field, _| *field != name && !field.starts_with(&part));
        }
        let attached = files.facts(application.answers());
        let contested = merged.contested.iter().filter_map(|path| elsewhere(application, visit, path)).collect();
        application.write(&overlay(&merged.facts, &attached));
        let unfinished = |error: &FieldError| {
            error.path.get(&attached).is_none_or(Value::is_null) && !merged.theirs.contains(&error.path)
        };
        let errors = errors.into_iter().filter(unfinished).chain(files.errors.iter().cloned()).collect();
        Self { typed, problems: page_problems(application, id, errors), contested }
    }
}

/// A statement that is not accepted is no answer: an empty box on a page does not take back what was ticked elsewhere.
fn settled(application: &Application, mut facts: Facts) -> Facts {
    for path in Path::all(&facts) {
        let question = application.form().question(&path).map(|(_, question)| &question.kind);
        if path.get(&facts) == Some(&Value::Bool(false)) && matches!(question, Some(Kind::Declaration { .. })) {
            path.set(&mut facts, Value::Null);
        }
    }
    facts
}

/// A draft that is there no more has nothing to be lost: the page begins another.
fn merged(application: &Application, mine: &Facts, posted: &Posted) -> Merged {
    let gone = application.draft.revision == 0 && posted.text("sp.revisione").parse().is_ok_and(|seen: i64| 0 < seen);
    let seen = if gone { Seen::default() } else { Seen::read(posted.text(merge::SEEN)) };
    merge::merge(mine, &seen, application.answers())
}

/// What the other device wrote, in words.
fn elsewhere(application: &Application, visit: &Visit, path: &Path) -> Option<FieldError> {
    let (_, question) = application.form().question(path)?;
    let value = path.get(application.answers()).filter(|value| !value.is_null());
    let text = match value {
        Some(value) => visit.t1("cases.ask.elsewhere.value", "value", question.show(value, visit.language)),
        None => visit.t("cases.ask.elsewhere.nothing").to_owned(),
    };
    Some(FieldError { path: path.clone(), code: "elsewhere".to_owned(), text: Translated::One(text) })
}

/// What was not understood, and what does not go together on this page.
fn page_problems(application: &Application, id: &str, unread: Vec<FieldError>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let status = application.form().status(application.answers(), application.today);
    let own = status.pages.into_iter().filter(|page| page.page == id);
    let told = own.flat_map(|page| page.errors().cloned().collect::<Vec<_>>());
    let page = application.form().page(id);
    let here = |error: &FieldError| page.is_some_and(|page| page.questions().any(|(_, one)| one.id == error.path.id));
    for error in told.chain(application.disagreements().into_iter().filter(here)) {
        if !unread.iter().chain(&errors).any(|other| other.path == error.path) {
            errors.push(error);
        }
    }
    let alone = told_of_typing(application);
    errors.retain(|error| may_be_told(application, error, &alone));
    // What could not be read at all is about the typing alone.
    let asked = unread.into_iter().filter(|error| application.by == By::Person || application.may_ask(&error.path));
    asked.chain(errors).collect()
}

/// What is wrong with what was typed alone, without what registries know: where and what. Whoever only helps reads no more.
fn told_of_typing(application: &Application) -> Vec<(Path, String)> {
    let (form, typed) = (application.form(), &application.draft.answers);
    let status = form.status(typed, application.today);
    let told = status.pages.iter().flat_map(|page| page.errors().cloned().collect::<Vec<_>>());
    told.chain(form.disagreements(typed, |_| false)).map(|error| (error.path, error.code)).collect()
}

/// Whether who fills in may read of this fault: not of what is not asked of them; nor whoever only helps of one that shows
/// beside what a registry knows.
fn may_be_told(application: &Application, error: &FieldError, alone: &[(Path, String)]) -> bool {
    let path = &error.path;
    let account = application.form().question(path).is_some_and(|(_, question)| question.kind == Kind::Iban);
    if account && !application.allows(Verb::Account) {
        return false;
    }
    let of_typing = || alone.iter().any(|(place, code)| place == path && *code == error.code);
    application.by == By::Person || (application.may_ask(path) && of_typing())
}
