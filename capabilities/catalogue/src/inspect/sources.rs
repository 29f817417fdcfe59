//! Whether what a form reads from registries is declared there, and answers the question.

use forms::{Kind, Question};
use registry::{Datum, DatumKind, Registries};
use rules::{Diagnostic, InputType};

use super::{
    form_site,
    inputs::{fits, usual_kind},
};
use crate::Service;

/// What a form reads from a registry must be there, and be an answer to the question.
pub(super) fn inspect(service: &Service, registries: &Registries) -> Vec<Diagnostic> {
    if registries.is_empty() {
        return Vec::new();
    }
    let lists = service.form.groups().filter_map(|group| list_is_known(service, registries, group.from.as_deref()?));
    let asked = service.form.questions().map(|(_, question)| question);
    let data = asked.filter_map(|question| datum_answers(service, registries, question));
    lists.chain(data).collect()
}

fn list_is_known(service: &Service, registries: &Registries, key: &str) -> Option<Diagnostic> {
    let lists = || registries.iter().flat_map(|registry| &registry.data).filter(|datum| is_list(datum));
    if lists().any(|datum| datum.key == key) {
        return None;
    }
    let known: Vec<&str> = lists().map(|datum| datum.key.as_str()).collect();
    let mend = format!("gli elenchi in content/registries.toml sono: {}", known.join(", "));
    Some(form_site(service, key).complain(format!("nessuna banca dati ha l’elenco «{key}»"), mend))
}

fn is_list(datum: &Datum) -> bool {
    matches!(datum.kind, DatumKind::List { .. })
}

fn datum_answers(service: &Service, registries: &Registries, question: &Question) -> Option<Diagnostic> {
    let key = question.from_registry()?;
    let site = form_site(service, key);
    let Some(datum) = registries.datum(key).filter(|datum| !is_list(datum)) else {
        let near = key.split_once('.').and_then(|(id, _)| registries.get(id));
        let mend = near.map_or_else(
            || format!("le banche dati sono: {}", listed(registries.iter().map(|registry| registry.id.as_str()))),
            |registry| format!("i dati che ci sono: {}", listed(registry.data.iter().map(|datum| datum.key.as_str()))),
        );
        return Some(site.complain(format!("nessuna banca dati ha il dato «{key}»"), mend));
    };
    if !fits(&question.kind, input_type(&datum.kind)) {
        let message = format!("«{key}» non può rispondere a una domanda di tipo {}", question.kind.name());
        return Some(site.complain(message, format!("usare kind = \"{}\"", usual_kind(input_type(&datum.kind)))));
    }
    let unasked = strange_option(&datum.kind, &question.kind)?;
    let mend = format!("aggiungere la risposta {{ value = \"{unasked}\", label = {{ … }} }}");
    Some(site.complain(format!("«{key}» può valere «{unasked}», che non è tra le risposte di «{}»", question.id), mend))
}

/// A value that the registry may tell and the question does not know.
fn strange_option<'d>(datum: &'d DatumKind, question: &Kind) -> Option<&'d str> {
    let DatumKind::Choice(values) = datum else { return None };
    let asked = question.options();
    let known = |value: &str| asked.is_empty() || asked.iter().any(|option| option.value == value);
    values.iter().map(|(value, _)| value.as_str()).find(|value| !known(value))
}

const fn input_type(datum: &DatumKind) -> InputType {
    match datum {
        DatumKind::YesNo => InputType::Bool,
        DatumKind::Number => InputType::Integer,
        DatumKind::Money => InputType::Decimal,
        DatumKind::Date => InputType::Date,
        DatumKind::Text | DatumKind::Choice(_) | DatumKind::List { .. } => InputType::Text,
    }
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
