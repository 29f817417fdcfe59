//! From «Che cosa mi spetta?» into an application: what somebody answered without login travels in a cookie of the
//! browser, is stored nowhere, and counts only where registries are silent.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use base::Date;
use forms::{Form, Prefilled, overlay};
use rules::{Facts, Value};
use web::{Answer, Failure, Posted, SetCookie, Visit};

use crate::room::{Cases, today};

/// For which service the answers are.
const SERVICE: &str = "sp.servizio";

/// Brings the answers to the application for a service, by way of the login where it is needed.
pub async fn bring(State(cases): State<Cases>, Path(service): Path<String>, visit: Visit, posted: Posted) -> Answer {
    let offer = cases.catalogue.offer();
    let screener = offer.screener.as_deref().ok_or(Failure::NotFound)?;
    let asked = offer.services.get(&service).filter(|asked| asked.can_be_asked()).ok_or(Failure::NotFound)?;
    let day = today(&visit);
    let carried = screener.carried(asked, &screener.read_answers(&posted.fields, day), day);
    let pairs = carried.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let pairs: Vec<(&str, &str)> = std::iter::once((SERVICE, service.as_str())).chain(pairs).collect();
    let cookie = SetCookie::carried(&visit, &pairs);
    Ok((cookie, Redirect::to(&format!("/servizi/{service}/domanda"))).into_response())
}

/// What was answered for this service, read by its own form: what does not fit a question is not taken. Members are
/// those of the registry that have the same day of birth; where the registry has a list nobody is added to it.
pub fn facts(form: &Form, service: &str, visit: &Visit, prefilled: &Prefilled, today: Date) -> Facts {
    let pairs = visit.carried();
    if !pairs.iter().any(|(name, slug)| name == SERVICE && slug == service) {
        return Facts::default();
    }
    let mut facts = Facts::default();
    for page in &form.pages {
        facts = overlay(&facts, &form.read(&page.id, &pairs, &facts, today).facts);
    }
    for (group, rows) in &mut facts.groups {
        if let Some(known) = prefilled.facts.groups.get(group) {
            *rows = beside(known, rows);
        }
    }
    facts
}

type Row = BTreeMap<String, Value>;

/// For each member that the registry knows, the answers about the one person who can only be this one.
fn beside(known: &[Row], answered: &[Row]) -> Vec<Row> {
    let same = |known: &Row, answered: &Row| {
        let days = answered.iter().filter(|(_, value)| value.as_date().is_some());
        let mut days = days.filter_map(|(id, value)| Some(known.get(id)? == value)).peekable();
        days.peek().is_some() && days.all(|equal| equal)
    };
    let only = |member: &Row| {
        let mut fitting = answered.iter().filter(|row| same(member, row));
        let twins = known.iter().filter(|other| fitting.clone().any(|row| same(other, row))).count();
        fitting.next().filter(|_| fitting.next().is_none() && twins == 1)
    };
    known.iter().map(|member| only(member).cloned().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(pairs: &[(&str, Value)]) -> Row {
        pairs.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect()
    }

    fn born(day: &str) -> (&'static str, Value) {
        ("data_nascita", Value::Date(day.parse().unwrap()))
    }

    #[test]
    fn answers_find_the_member_born_on_the_same_day() {
        let known = [row(&[born("2020-01-01")]), row(&[born("2022-02-02")])];
        let ill = ("disabilita", Value::from("grave"));
        let answered = [row(&[born("2022-02-02"), ill.clone()]), row(&[born("1999-09-09")])];
        assert_eq!(beside(&known, &answered), [row(&[]), row(&[born("2022-02-02"), ill])]);
    }

    #[test]
    fn twins_are_not_told_apart_by_their_birthday() {
        let known = [row(&[born("2020-01-01")]), row(&[born("2020-01-01")])];
        let answered = [row(&[born("2020-01-01"), ("disabilita", Value::from("grave"))])];
        assert_eq!(beside(&known, &answered), [row(&[]), row(&[])]);
    }
}
