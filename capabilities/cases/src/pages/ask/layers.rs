//! What lies over what among the answers of an application: what a registry knows, what the person wrote, what the address
//! brought along.

use forms::{Form, Path, Prefilled};
use rules::{Facts, Value};
use web::Visit;

use crate::store::Draft;

/// What the address brought along, for questions that say `from = "query.…"`.
pub fn brought(form: &Form, visit: &Visit) -> Facts {
    let mut brought = Facts::default();
    for (group, question) in form.questions() {
        if let Some(value) = question.from_address().filter(|_| group.is_none()).and_then(|name| visit.query(name)) {
            let short: String = value.chars().take(200).collect();
            Path::of(&question.id).set(&mut brought, Value::Text(short));
        }
    }
    brought
}

/// What the address brought along and the draft says nothing of.
pub fn unwritten(brought: &Facts, draft: &Draft) -> Facts {
    let mut facts = brought.clone();
    for path in Path::all(brought) {
        if path.get(&draft.answers).is_some_and(|told| !told.is_null()) {
            path.remove(&mut facts);
        }
    }
    facts
}

/// A registry's value cannot be typed over, unless the form says so: who thinks it is wrong asks the registry to correct
/// it.
pub fn keep_registry(answers: &mut Facts, form: &Form, prefilled: &Prefilled, draft: &Draft) {
    for path in prefilled.provenance.keys().filter(|path| !is_replaced(form, prefilled, draft, path)) {
        let told = path.get(&prefilled.facts).filter(|told| path.get(answers) != Some(*told));
        if let Some(told) = told {
            path.set(answers, told.clone());
        }
    }
}

/// Whether the person gave another answer than the registry's, and the form lets them.
pub fn is_replaced(form: &Form, prefilled: &Prefilled, draft: &Draft, path: &Path) -> bool {
    let own = path.get(&draft.answers).filter(|value| !value.is_null());
    own.is_some_and(|own| path.get(&prefilled.facts) != Some(own))
        && form.question(path).is_some_and(|(_, question)| question.replaceable)
}
