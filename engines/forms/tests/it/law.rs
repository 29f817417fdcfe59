//! The form and the rules of the same service speak of the same things.

use std::collections::{BTreeMap, BTreeSet};

use forms::Kind;
use jiff::civil::date;
use rules::{Decision, Moment, Program, Sources};

use crate::{
    TODAY, form, known,
    services::{CHILD_ALLOWANCE, Member, ada, child, family},
};

fn rules() -> Program {
    let table = include_str!("../../../../services/assegno-unico/tabelle/importi.csv").to_owned();
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), table)]);
    let text = include_str!("../../../../services/assegno-unico/rules.md");
    Program::parse(&Sources { file: "rules.md", text, tables: &tables })
        .unwrap_or_else(|errors| panic!("{}", errors[0]))
}

fn decide(children: Vec<Member>) -> Decision {
    let form = form(CHILD_ALLOWANCE);
    let answers = form.prefill(&family(children), TODAY).facts;
    assert!(form.status(&answers, TODAY).is_complete());
    let moment = Moment { on: date(2026, 3, 1), known: TODAY };
    rules().decide(&form.submission(&answers, TODAY), moment).expect("answers of the right types")
}

#[test]
fn every_input_of_the_rules_is_a_question_with_the_same_options() {
    let (form, rules) = (form(CHILD_ALLOWANCE), rules());
    let questions: BTreeMap<_, _> = form
        .questions()
        .map(|(group, question)| ((group.map(|g| g.id.clone()), question.id.clone()), &question.kind))
        .collect();
    for input in rules.inputs() {
        let kind = questions.get(&(input.relation.clone(), input.name.clone()));
        let Some(kind) = kind else {
            assert!(!input.required, "nobody asks {}", input.name);
            continue;
        };
        if let Kind::Choice(options) = kind {
            let offered: BTreeSet<_> = options.iter().map(|option| &option.value).collect();
            assert_eq!(offered, input.values.iter().collect(), "{}", input.name);
        }
    }
}

#[test]
fn a_complete_form_leaves_nothing_for_the_rules_to_ask() {
    let decision = decide(vec![ada()]);
    assert_eq!((decision.entitled, decision.missing.len()), (Some(true), 0), "{:?}", decision.missing);
    assert!(decision.amount.is_some_and(|amount| !amount.is_zero()));
}

#[test]
fn an_adult_child_who_studies_or_does_nothing_is_decided() {
    let grown = |studies: bool| {
        let mut member = child("Ugo Prova", "RSSMRA85T10A562S", date(2007, 1, 1));
        member.insert("istruzione.studia".to_owned(), known("istruzione", studies));
        member.insert("entrate.reddito".to_owned(), known("entrate", 9_000));
        member.insert("inps-lavoro.in_cerca_di_lavoro".to_owned(), known("inps-lavoro", false));
        member.insert("inps-lavoro.servizio_civile".to_owned(), known("inps-lavoro", false));
        member
    };
    assert_eq!(decide(vec![grown(true)]).entitled, Some(true));
    assert_eq!(decide(vec![grown(false)]).entitled, Some(false));
}
