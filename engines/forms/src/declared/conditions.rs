//! Conditions: read them, then see that each names questions which a person has already met.

use std::collections::BTreeMap;

use rules::Diagnostic;

use super::{
    reader::{At, Reader},
    sample::{SAMPLE_DAY, sample},
};
use crate::{Form, Item, Kind, Page, Path, When, filling::in_row};

pub(super) fn read_when(reader: &mut Reader, at: &At, key: &str) -> Option<When> {
    let text = reader.string(at, key)?;
    match When::read(text.get_ref(), text.span()) {
        Ok(when) => Some(when),
        Err(Diagnostic { message, mend, column, .. }) => {
            // The quote stands before the condition; inside a one-line condition columns can simply be added.
            let inside = usize::try_from(column).unwrap_or(0).min(text.get_ref().chars().count());
            let bytes: usize = text.get_ref().chars().take(inside.saturating_sub(1)).map(char::len_utf8).sum();
            reader.wrong(text.span().start + 1 + bytes..text.span().end, message, mend);
            None
        }
    }
}

/// Where every answer is first asked: the page's number by name.
type Asked = BTreeMap<String, usize>;

/// Complains about conditions that name what is not asked, or is asked only later.
pub(super) fn review(reader: &mut Reader, form: &Form) {
    let asked = asked(form);
    shadowed(reader, &asked);
    for (number, page) in form.pages.iter().enumerate() {
        if let Some(when) = &page.when {
            review_page_condition(reader, &asked, when, number);
        }
        for (when, group) in inner_conditions(page) {
            for name in resolve(reader, &asked, when, group) {
                if number < asked[&name] {
                    let mend = "spostare la domanda prima, o la condizione dopo";
                    reader.wrong(when.place.clone(), format!("`{name}` viene chiesto in una pagina successiva"), mend);
                }
            }
        }
    }
    for check in &form.checks {
        resolve(reader, &asked, &check.when, check.group.as_deref());
    }
    for (when, group) in conditions(form) {
        review_texts(reader, form, when, group);
    }
    if reader.diagnostics.is_empty() {
        try_out(reader, form);
    }
}

/// An answer to choose can only be one of those offered: a comparison with another one never holds, and the question
/// behind it would never be asked.
fn review_texts(reader: &mut Reader, form: &Form, when: &When, group: Option<&str>) {
    for (name, text) in when.texts() {
        let asked = |path: &Path| form.question(path).map(|(_, question)| &question.kind);
        let kind = match (name.split_once('.'), group) {
            (Some((relation, name)), _) => asked(&Path::in_row(relation, 0, name)),
            (None, Some(group)) => asked(&Path::in_row(group, 0, &name)).or_else(|| asked(&Path::of(&name))),
            (None, None) => asked(&Path::of(&name)),
        };
        let Some(Kind::Choice(options)) = kind else { continue };
        if !options.iter().any(|option| option.value == text) {
            let known: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
            let mend = base::nearest(&text, known.iter().copied()).map_or_else(
                || format!("le risposte sono: {}", known.join(", ")),
                |near| format!("forse si voleva '{near}'"),
            );
            reader.wrong(when.place.clone(), format!("«{name}» non può valere '{text}'"), mend);
        }
    }
}

/// Every condition, with the group whose members it is about.
fn conditions(form: &Form) -> Vec<(&When, Option<&str>)> {
    let of_pages = form
        .pages
        .iter()
        .flat_map(|page| page.when.as_ref().map(|when| (when, None)).into_iter().chain(inner_conditions(page)));
    of_pages.chain(form.checks.iter().map(|check| (&check.when, check.group.as_deref()))).collect()
}

/// Tries every condition on answers of the right types: a comparison of a date with a number shows here, not in front
/// of a person.
fn try_out(reader: &mut Reader, form: &Form) {
    let household = sample(form);
    for (when, group) in conditions(form) {
        let facts = group.map_or_else(|| household.clone(), |group| in_row(&household, group, 0));
        if let Some(fault) = when.fault(&facts, SAMPLE_DAY) {
            let message = format!("la condizione non va d'accordo con le risposte: {fault}");
            reader.wrong(when.place.clone(), message, "confrontare ogni risposta con un valore del suo tipo");
        }
    }
}

fn asked(form: &Form) -> Asked {
    let mut asked = Asked::new();
    for (number, page) in form.pages.iter().enumerate() {
        for item in &page.items {
            if let Item::Group(group) = item {
                asked.entry(group.id.clone()).or_insert(number);
            }
        }
        for (group, question) in page.questions() {
            let name = group.map_or_else(|| question.id.clone(), |group| format!("{}.{}", group.id, question.id));
            asked.entry(name).or_insert(number);
        }
    }
    asked
}

/// A member's question with the name of a household's one would hide it from conditions.
fn shadowed(reader: &mut Reader, asked: &Asked) {
    for name in asked.keys() {
        let Some((_, inner)) = name.split_once('.') else { continue };
        if asked.contains_key(inner) {
            let span = reader.declared.get(name).cloned().unwrap_or(0..0);
            reader.wrong(
                span,
                format!("`{inner}` è già una domanda fuori dal gruppo"),
                "dare alle due domande nomi diversi",
            );
        }
    }
}

fn inner_conditions(page: &Page) -> Vec<(&When, Option<&str>)> {
    let of_groups = page.items.iter().filter_map(|item| match item {
        Item::Group(group) => group.when.as_ref().map(|when| (when, None)),
        Item::Question(_) => None,
    });
    let of_questions = page.questions().filter_map(|(group, question)| {
        question.when.as_ref().map(|when| (when, group.map(|group| group.id.as_str())))
    });
    of_groups.chain(of_questions).collect()
}

/// A page that depends on itself or on later pages can never be reached.
fn review_page_condition(reader: &mut Reader, asked: &Asked, when: &When, number: usize) {
    let names = resolve(reader, asked, when, None);
    if !names.is_empty() && names.iter().all(|name| number <= asked[name]) {
        let message = "nessuno può arrivare a questa pagina: dipende da risposte che si danno solo dopo";
        reader.wrong(when.place.clone(), message, "usare una domanda di una pagina precedente");
    }
}

/// The names of a condition as they are asked; complains about those that are not.
fn resolve(reader: &mut Reader, asked: &Asked, when: &When, group: Option<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for name in when.names() {
        let in_group = group.map(|group| format!("{group}.{name}")).filter(|full| asked.contains_key(full));
        match in_group.or_else(|| Some(name.clone()).filter(|name| asked.contains_key(name))) {
            Some(full) => found.push(full),
            None => {
                let mend = base::nearest(&name, asked.keys().map(String::as_str)).map_or_else(
                    || "usare l'id di una domanda del modulo".to_owned(),
                    |near| format!("forse si voleva `{near}`"),
                );
                reader.wrong(when.place.clone(), format!("la condizione nomina `{name}`, che non è una domanda"), mend);
            }
        }
    }
    found
}
