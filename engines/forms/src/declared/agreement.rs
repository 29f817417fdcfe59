//! `agrees_with` names a fiscal code beside the question.

use super::reader::Reader;
use crate::{Form, Group, Kind, Question};

/// The values of a choice that asks for the sex.
const SEXES: [&str; 2] = ["f", "m"];

pub(super) fn review(reader: &mut Reader, form: &Form) {
    for (group, question) in form.questions() {
        let Some(code) = &question.agrees_with else { continue };
        if !is_fiscal_code(form, group, code) {
            let message = format!("`agrees_with` nomina «{code}», che non è un codice fiscale chiesto qui");
            complain(reader, group, question, message, "scrivere l'id di una domanda fiscal-code dello stesso elenco");
        }
        let sexes = |question: &Question| question.kind.options().iter().all(|one| SEXES.contains(&one.value.as_str()));
        if matches!(question.kind, Kind::Choice(_)) && !sexes(question) {
            let mend = "dare alle risposte i valori f e m, oppure togliere agrees_with";
            complain(
                reader,
                group,
                question,
                "un codice fiscale dice solo il sesso e il giorno di nascita".into(),
                mend,
            );
        }
    }
}

fn is_fiscal_code(form: &Form, group: Option<&Group>, id: &str) -> bool {
    let same = |owner: Option<&Group>| owner.map(|owner| &owner.id) == group.map(|group| &group.id);
    form.questions().any(|(owner, other)| same(owner) && other.id == id && other.kind == Kind::FiscalCode)
}

fn complain(reader: &mut Reader, group: Option<&Group>, question: &Question, message: String, mend: &str) {
    let key = group.map_or_else(|| question.id.clone(), |group| format!("{}.{}", group.id, question.id));
    let place = reader.declared.get(&key).cloned().unwrap_or(0..0);
    reader.wrong(place, message, mend);
}
