//! Whether the screener fits the services: what `sportello check` proves of it.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Language, Translated};
use forms::{Item, Kind, Question};
use rules::Diagnostic;
use rules::{Facts, Input, InputType, Value};

use super::{
    MOST_QUESTIONS, Screener,
    declared::{self, InputName, Source},
    known::{names, value},
};
use crate::{Offer, Service, source::whole_file};

/// All that does not fit. Services that are themselves broken are passed over: their own complaints are enough.
pub(crate) fn coverage(screener: &Screener, offer: &Offer) -> Vec<Diagnostic> {
    let mut told = questions(screener);
    told.extend(sources(screener, offer));
    told.extend(lists(screener, offer));
    let absent = screener.mapping.amounts.iter().filter(|amount| !offer.slugs.contains(&amount.of));
    told.extend(absent.map(|one| one.site.complain(format!("il servizio «{}» non esiste", one.of), "correggere")));
    let lawful = offer.public().filter(|service| service.program.is_some());
    told.extend(lawful.flat_map(|service| holes(screener, service)));
    told
}

/// At most twelve questions, in three languages.
fn questions(screener: &Screener) -> Vec<Diagnostic> {
    let file = format!("content/{}", declared::QUESTIONS);
    let many = screener.form.pages.len();
    let mut told = Vec::new();
    if MOST_QUESTIONS < many {
        let message = format!("le domande sono {many}: al massimo {MOST_QUESTIONS}");
        told.push(whole_file(&file, message, "togliere una pagina, e supporre o non chiedere quello che diceva"));
    }
    for language in [Language::English, Language::German] {
        for text in texts(screener).into_iter().filter(|text| !text.has(language)) {
            let message = format!("«{}» non è tradotto in «{}»", text.get(Language::Italian), language.tag());
            told.push(whole_file(&file, message, "aggiungere il testo in quella lingua"));
        }
    }
    told
}

fn texts(screener: &Screener) -> Vec<&Translated> {
    let form = &screener.form;
    let pages = form.pages.iter().flat_map(|page| [Some(&page.title), page.intro.as_ref()]);
    let groups = form.pages.iter().flat_map(|page| &page.items).filter_map(Item::group);
    let groups = groups.flat_map(|group| [Some(&group.title), Some(&group.member)]);
    let questions = form.questions().flat_map(|(_, one)| [Some(&one.label), one.hint.as_ref()]);
    let options = form.questions().flat_map(|(_, one)| one.kind.options()).map(|option| Some(&option.label));
    let doubts = screener.mapping.sources.iter().map(|source| source.surety.doubt());
    let amounts = screener.mapping.amounts.iter().map(|amount| Some(&amount.text));
    let checks = form.checks.iter().map(|check| Some(&check.message));
    pages.chain(groups).chain(questions).chain(options).chain(doubts).chain(amounts).chain(checks).flatten().collect()
}

fn sources(screener: &Screener, offer: &Offer) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    let mut first = BTreeSet::new();
    for source in &screener.mapping.sources {
        told.extend(unknown_answers(screener, source));
        for name in &source.inputs {
            if !first.insert(name) {
                let message = format!("«{}» c’è già", shown(name));
                told.push(source.site.complain(message, "dire una volta sola da dove viene un dato"));
            }
            told.extend(unfit(screener, offer, source, name));
        }
    }
    told
}

/// Names in formulas are questions of the screener.
fn unknown_answers(screener: &Screener, source: &Source) -> Vec<Diagnostic> {
    let used = source.formula.as_ref().map(|formula| names(formula.names())).unwrap_or_default();
    let known = |name: &String| {
        screener.pages.contains_key(name) || screener.pages.keys().any(|page| page.ends_with(&format!(".{name}")))
    };
    let unknown = used.iter().filter(|name| !known(name)).map(|name| {
        let near = base::nearest(name, screener.pages.keys().map(String::as_str));
        let mend = near.map_or("usare l’id di una domanda".to_owned(), |near| format!("forse si voleva «{near}»"));
        source.site.complain(format!("«{name}» non è una domanda di questions.toml"), mend)
    });
    unknown.collect()
}

/// The input exists, and what the answers say fits it, whichever of their options is chosen.
fn unfit(screener: &Screener, offer: &Offer, source: &Source, name: &InputName) -> Option<Diagnostic> {
    let Some(service) = offer.services.get(&name.service) else {
        let absent = !offer.slugs.contains(&name.service);
        return absent
            .then(|| source.site.complain(format!("il servizio «{}» non esiste", name.service), "correggere"));
    };
    let inputs = service.program.as_ref().map_or(&[][..], |program| program.inputs());
    let found = inputs.iter().find(|input| input.name == name.name && input.relation == name.relation);
    let Some(input) = found else {
        let mend = base::nearest(&name.name, inputs.iter().map(|input| input.name.as_str()))
            .map_or("usare il nome di un dato di rules.md".to_owned(), |near| format!("forse si voleva «{near}»"));
        return Some(source.site.complain(format!("«{}» non è un dato delle regole", shown(name)), mend));
    };
    let formula = source.formula.as_ref()?;
    let wrong = samples(screener).into_iter().find_map(|facts| {
        let value = value(formula, input, &facts, SAMPLE_DAY);
        (!fits(input, &value)).then_some(value)
    })?;
    let message = format!("«{}» può diventare «{wrong}», che per le regole non va bene", shown(name));
    Some(source.site.complain(message, format!("le regole vogliono: {}", wanted(input))))
}

fn fits(input: &Input, value: &Value) -> bool {
    match (value, input.kind) {
        (Value::Null, _) | (Value::Bool(_), InputType::Bool) | (Value::Date(_), InputType::Date) => true,
        (Value::Dec(_) | Value::Int(_), InputType::Decimal) | (Value::Int(_), InputType::Integer) => true,
        (Value::Text(text), InputType::Text) => input.values.is_empty() || input.values.contains(text),
        _ => false,
    }
}

fn wanted(input: &Input) -> String {
    if input.values.is_empty() { input.kind.name().to_owned() } else { input.values.join(", ") }
}

/// A day on which sample answers are computed; which one does not matter.
const SAMPLE_DAY: Date = Date::constant(2026, 6, 15);

/// Answers of the right types: one set for each option of each question, and one for yes and no.
fn samples(screener: &Screener) -> Vec<Facts> {
    let most = screener.form.questions().map(|(_, one)| one.kind.options().len()).max().unwrap_or(0).max(2);
    let sample = |choice: usize| {
        let mut facts = Facts::default();
        for (group, question) in screener.form.questions() {
            let value = sample_of(question, choice);
            facts.values.insert(question.id.clone(), value.clone());
            if let Some(group) = group {
                let rows = facts.groups.entry(group.id.clone()).or_insert_with(|| vec![BTreeMap::new()]);
                rows[0].insert(question.id.clone(), value);
            }
        }
        facts
    };
    (0..most).map(sample).collect()
}

fn sample_of(question: &Question, choice: usize) -> Value {
    match &question.kind {
        Kind::Choice(options) => {
            options.get(choice % options.len().max(1)).map_or(Value::Null, |one| Value::Text(one.value.clone()))
        }
        Kind::YesNo => Value::Bool(choice.is_multiple_of(2)),
        Kind::Number { min, .. } => Value::Int(*min),
        Kind::Money { min, .. } => Value::Dec(*min),
        Kind::Date { .. } => Value::Date(SAMPLE_DAY),
        _ => Value::from("x"),
    }
}

fn lists(screener: &Screener, offer: &Offer) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for list in &screener.mapping.lists {
        if !screener.form.questions().any(|(group, _)| group.is_some_and(|group| group.id == list.each)) {
            let message = format!("«{}» non è un gruppo di questions.toml", list.each);
            told.push(list.site.complain(message, "usare l’id di un gruppo"));
        }
        for (slug, relation) in &list.of {
            let program = offer.services.get(slug).and_then(|service| service.program.as_ref());
            if program.is_some_and(|program| !program.relations().contains(relation)) {
                let message = format!("«{slug}» non ha l’elenco «{relation}»");
                told.push(list.site.complain(message, "usare un elenco delle sue regole"));
            }
        }
    }
    told
}

/// What the law of a service asks and nobody accounts for: else something would be supposed in silence.
pub(super) fn holes(screener: &Screener, service: &Service) -> Vec<Diagnostic> {
    let Some(program) = &service.program else { return Vec::new() };
    let file = format!("content/{}", declared::FACTS);
    let asked = program.inputs().iter().filter(|input| !input.identification);
    let silent = asked.filter(|input| screener.source(&service.slug, input).is_none()).map(|input| {
        let name =
            InputName { service: service.slug.clone(), relation: input.relation.clone(), name: input.name.clone() };
        let message = format!(
            "nessuno dice da dove viene «{}»: il servizio non è fra quelli di «Che cosa mi spetta?»",
            shown(&name)
        );
        let mend = format!(
            "aggiungerlo in fondo al file a un [[given]], a un [[assumed]] o, se non si chiede, così:\n\n    [[unchecked]]\n    inputs = [\"{}\"]\n    text = {{ it = \"…\", en = \"…\", de = \"…\" }}",
            shown(&name)
        );
        whole_file(&file, message, mend)
    });
    let empty = program.relations().iter().filter(|relation| screener.lists(&service.slug, relation).next().is_none());
    let empty = empty.map(|relation| {
        let message = format!("nessuno dice da dove vengono le righe di «{}.{relation}»", service.slug);
        let mend = format!(
            "aggiungere l’elenco a un [[lists]], oppure in fondo al file:\n\n    [[lists]]\n    of = [\"{}.{relation}\"]\n    each = \"persone\"\n    when = \"…\"",
            service.slug
        );
        whole_file(&file, message, mend)
    });
    silent.chain(empty).collect()
}

fn shown(name: &InputName) -> String {
    let relation = name.relation.as_ref().map_or_else(String::new, |relation| format!("{relation}."));
    format!("{}.{relation}{}", name.service, name.name)
}
