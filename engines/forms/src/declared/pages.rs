//! Pages, groups, questions and checks.

use std::ops::Range;

use base::Translated;
use rules::Value;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    conditions::read_when,
    kinds::read_kind,
    reader::{At, Reader},
};
use crate::{Check, Form, Group, Item, Kind, Page, Question};

/// Most rows of any group: it bounds what one person can make the office store.
const MAX_ROWS: usize = 50;

pub(super) fn read_form<'a>(reader: &mut Reader<'a>, file: &str, document: &DeTable<'a>) -> Form {
    let root = At { table: document, span: 0..0 };
    reader.only_keys(&root, &["pages", "checks"]);
    let tables = reader.tables(&root, "pages");
    if tables.is_empty() {
        reader.wrong(0..0, "il modulo non ha pagine", "aggiungere almeno una [[pages]] con una domanda");
    }
    let pages = tables.into_iter().map(|table| read_page(reader, &table)).collect();
    let checks = reader.tables(&root, "checks");
    let checks = checks.into_iter().filter_map(|table| read_check(reader, &table)).collect();
    Form { file: file.to_owned(), pages, checks, only: None }
}

fn read_page(reader: &mut Reader, at: &At) -> Page {
    reader.only_keys(at, &["id", "title", "intro", "when", "questions", "groups"]);
    let id = read_id(reader, at, "page ", b'-');
    let mut items: Vec<(usize, Item)> = Vec::new();
    for table in reader.tables(at, "questions") {
        let place = table.span.start;
        items.extend(read_question(reader, &table, "").map(|question| (place, Item::Question(question))));
    }
    for table in reader.tables(at, "groups") {
        items.push((table.span.start, Item::Group(read_group(reader, &table))));
    }
    if at.table.get("questions").is_none() && at.table.get("groups").is_none() {
        reader.wrong(
            at.span.clone(),
            format!("la pagina `{id}` è vuota"),
            "aggiungere una domanda o togliere la pagina",
        );
    }
    items.sort_by_key(|(place, _)| *place);
    Page {
        id,
        title: reader.need_translated(at, "title"),
        intro: reader.translated(at, "intro"),
        when: read_when(reader, at, "when"),
        items: items.into_iter().map(|(_, item)| item).collect(),
    }
}

fn read_group(reader: &mut Reader, at: &At) -> Group {
    reader.only_keys(at, &["id", "title", "member", "intro", "min", "max", "from", "named_by", "when", "questions"]);
    let id = read_id(reader, at, "", b'_');
    let tables = reader.tables(at, "questions");
    if tables.is_empty() {
        reader.wrong(at.span.clone(), format!("il gruppo `{id}` è vuoto"), "aggiungere [[pages.groups.questions]]");
    }
    let scope = format!("{id}.");
    let questions: Vec<Question> =
        tables.into_iter().filter_map(|table| read_question(reader, &table, &scope)).collect();
    let named_by = read_sibling(reader, at, "named_by", &questions, |_| true);
    let max = reader.count(at, "max", MAX_ROWS, (1, MAX_ROWS));
    Group {
        min: reader.count(at, "min", 0, (0, max)),
        max,
        title: reader.need_translated(at, "title"),
        member: reader.need_translated(at, "member"),
        intro: reader.translated(at, "intro"),
        from: read_source(reader, at),
        named_by,
        when: read_when(reader, at, "when"),
        id,
        questions,
    }
}

fn read_question(reader: &mut Reader, at: &At, scope: &str) -> Option<Question> {
    let id = read_id(reader, at, scope, b'_');
    let kind = read_kind(reader, at)?;
    if matches!(kind, Kind::Attachment(_)) && !scope.is_empty() {
        let mend =
            "chiederlo in una domanda della pagina, fuori dal gruppo: max_count dice quanti file si possono allegare";
        reader.wrong(at.span.clone(), format!("«{id}» è un allegato dentro un gruppo che si ripete"), mend);
    }
    let question = Question {
        label: reader.need_translated(at, "label"),
        hint: reader.translated(at, "hint"),
        error: reader.translated(at, "error"),
        purpose: reader.translated(at, "purpose"),
        required: reader.bool(at, "required").unwrap_or(kind != Kind::Note),
        when: read_when(reader, at, "when"),
        from: read_source(reader, at),
        replaceable: read_replaceable(reader, at),
        agrees_with: reader.string(at, "agrees_with").map(Spanned::into_inner),
        default: None,
        id,
        kind,
    };
    let default = at.table.get("default").and_then(|value| read_default(reader, value, &question));
    Some(Question { default, ..question })
}

/// Only what a registry knows can be replaced.
fn read_replaceable(reader: &mut Reader, at: &At) -> bool {
    let replaceable = reader.bool(at, "replaceable").unwrap_or(false);
    if let Some(value) = at.table.get("replaceable").filter(|_| replaceable && at.table.get("from").is_none()) {
        reader.wrong(
            value.span(),
            "nessuna banca dati dà questa risposta",
            "aggiungere from, oppure togliere replaceable",
        );
    }
    replaceable
}

/// The id of a question of the same list, of a fitting kind.
fn read_sibling(
    reader: &mut Reader,
    at: &At,
    key: &str,
    questions: &[Question],
    fits: impl Fn(&Kind) -> bool,
) -> Option<String> {
    let id = reader.string(at, key)?;
    let known: Vec<&str> = questions.iter().filter(|one| fits(&one.kind)).map(|one| one.id.as_str()).collect();
    if !known.contains(&id.get_ref().as_str()) {
        let mend = format!("scrivere l'id di una domanda vicina: {}", known.join(", "));
        reader.wrong(id.span(), format!("`{key}` nomina «{}», che qui non c'è", id.get_ref()), mend);
    }
    Some(id.into_inner())
}

fn read_check(reader: &mut Reader, at: &At) -> Option<Check> {
    reader.only_keys(at, &["when", "message", "law", "at"]);
    if at.table.get("when").is_none() {
        reader.wrong(at.span.clone(), "manca `when`", "scrivere la condizione che, quando è vera, è un errore");
    }
    let message: Translated = reader.need_translated(at, "message");
    let law = reader.string(at, "law").map(Spanned::into_inner);
    let place = reader.need_string(at, "at")?;
    if !reader.declared.contains_key(place.get_ref()) {
        let message = format!("`{}` non è una domanda del modulo", place.get_ref());
        reader.wrong(place.span(), message, "scrivere l'id di una domanda, o gruppo.domanda per una del gruppo");
    }
    let (group, id) = place.get_ref().split_once('.').map_or((None, place.get_ref().as_str()), |(g, id)| (Some(g), id));
    Some(Check {
        when: read_when(reader, at, "when")?,
        message,
        law,
        group: group.map(str::to_owned),
        at: id.to_owned(),
    })
}

/// An id of lower-case letters, digits and `joint`, noted under `scope`.
fn read_id(reader: &mut Reader, at: &At, scope: &str, joint: u8) -> String {
    let Some(id) = reader.need_string(at, "id") else { return String::new() };
    let span: Range<usize> = id.span();
    let id = id.into_inner();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == joint;
    if !id.starts_with(|first: char| first.is_ascii_lowercase()) || !id.bytes().all(plain) || 60 < id.len() {
        let mend = format!("usare lettere minuscole, cifre e «{}», cominciando con una lettera", char::from(joint));
        reader.wrong(span.clone(), format!("«{id}» non può essere un id"), mend);
    }
    reader.declare(format!("{scope}{id}"), span);
    id
}

/// `registry.key`: letters, digits and hyphens, a dot, letters, digits and underscores.
fn read_source(reader: &mut Reader, at: &At) -> Option<String> {
    let from = reader.string(at, "from")?;
    let part = |text: &str, joint: u8| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == joint)
    };
    let valid = from.get_ref().split_once('.').is_some_and(|(registry, key)| part(registry, b'-') && part(key, b'_'));
    if !valid {
        let message = format!("«{}» non è una fonte", from.get_ref());
        reader.wrong(from.span(), message, "scrivere from = \"banca-dati.dato\", ad esempio \"anpr.data_nascita\"");
    }
    Some(from.into_inner())
}

fn read_default(reader: &mut Reader, value: &Spanned<DeValue>, question: &Question) -> Option<Value> {
    let default = match (&question.kind, value.get_ref()) {
        (Kind::YesNo, DeValue::Boolean(yes)) => Some(Value::Bool(*yes)),
        (Kind::Number { min, max }, DeValue::Integer(number)) => {
            number.as_str().parse().ok().filter(|number| min <= number && number <= max).map(Value::Int)
        }
        (Kind::Choice(options), DeValue::String(text)) => {
            options.iter().find(|option| option.value == **text).map(|option| Value::Text(option.value.clone()))
        }
        _ => None,
    };
    default
        .or_else(|| reader.refuse(value, "default", "un valore ammesso per la domanda (solo yes-no, number e choice)"))
}
