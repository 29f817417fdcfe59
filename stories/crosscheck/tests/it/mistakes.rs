//! A rule that a database computes from another text than ours must be found: this check can fail.

use crosscheck::{Comparison, Households, Postgres, Written, ask_datafusion};
use rules::{Facts, Moment, Program, sql::Dialect};

use crate::{laws::Law, with_stack};

/// Enough that each mistake meets somebody.
const HOUSEHOLDS: usize = 500;

/// Small mistakes in the law: service, what stands there, what is put in its place.
const MISTAKES: [(&str, &str, &str); 3] = [
    ("assegno-unico", "anni(madre_nata_il) < 21", "anni(madre_nata_il) <= 21"),
    ("assegno-unico", "figli_con_diritto >= 4 THEN", "figli_con_diritto > 4 THEN"),
    ("congedo-parentale", "anni_in_famiglia < limite_di_eta", "anni_in_famiglia <= limite_di_eta"),
];

/// The law, the law with the mistake, and their last day of change.
fn mistaken((service, right, wrong): (&str, &str, &str)) -> (Program, Program, Moment) {
    let law = Law::all().into_iter().find(|law| law.service == service).expect("the service is there");
    assert_eq!(law.text.matches(right).count(), 1, "{service}: «{right}» stands there once");
    let (program, text) = (law.program(), law.text.replace(right, wrong));
    let day = program.changes().last().copied().expect("a day of change");
    (program, Law { text, ..law }.program(), Moment { on: day, known: base::Date::MAX })
}

fn drawn(program: &Program, moment: Moment) -> Vec<Facts> {
    Households::new(program, moment, 11).take(HOUSEHOLDS).collect()
}

fn found(mistake: (&str, &str, &str), dialect: Dialect, ask: &crate::Ask<'_>) -> Comparison {
    let (right, wrong, moment) = mistaken(mistake);
    let sql = wrong.to_sql(moment, dialect);
    crate::compare((&right, moment), &drawn(&right, moment), &sql, ask).expect("the database answers")
}

#[test]
fn postgresql_finds_every_mistake() {
    let postgres = Postgres::start().expect("PostgreSQL starts");
    for mistake in MISTAKES {
        let found = found(mistake, Dialect::PostgreSql, &|law, facts| postgres.ask(law, facts));
        assert!(!found.differences.is_empty(), "{mistake:?} was not found");
    }
}

#[test]
fn datafusion_finds_every_mistake() {
    with_stack(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        for mistake in MISTAKES {
            let ask = |law: &_, facts: &_| runtime.block_on(ask_datafusion(law, facts));
            let found = found(mistake, Dialect::DataFusion, &ask);
            assert!(!found.differences.is_empty(), "{mistake:?} was not found");
        }
    });
}

#[test]
fn a_row_too_few_and_a_value_too_great_are_found() {
    let law = Law::all().swap_remove(0);
    let program = law.program();
    let day = program.changes().last().copied().expect("a day of change");
    let moment = Moment { on: day, known: base::Date::MAX };
    let households = drawn(&program, moment);
    let sql = program.to_sql(moment, Dialect::PostgreSql);
    let facts = Written::new(&sql.tables, households.iter()).expect("the facts are written");
    let answers = Postgres::start().and_then(|postgres| postgres.ask(&sql, &facts)).expect("PostgreSQL answers");
    let ours = crosscheck::Ours::compute(&program, moment, &households).expect("a law of the house");
    let count = |answer: &_| ours.compare(answer).expect("rules of the law").differences.len();
    assert_eq!(count(&answers[0]), 0);
    let mut spoiled = answers[0].clone();
    let amount = spoiled.rows.iter_mut().find_map(|row| row[1..].iter_mut().find(|value| value.contains('.')));
    amount.expect("an amount").insert(0, '1');
    assert_eq!(count(&spoiled), 1);
    spoiled.rows.pop();
    assert_eq!(count(&spoiled), 2);
}
