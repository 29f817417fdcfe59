//! Every law of the house against PostgreSQL and DataFusion.

use catalogue::{Declared, Service};
use crosscheck::{Answer, Households, Postgres, Written, ask_datafusion, differences};
use rules::{
    Decision, Facts, Moment, Program,
    sql::{Dialect, SqlLaw},
};

/// Households for each law.
const HOUSEHOLDS: usize = 2_000;
/// So many differences are told before the rest is only counted.
const TOLD: usize = 10;

/// Every service that has a law, with the days on which it changes: the first, the last, and one between.
fn laws() -> Vec<(String, Program, Vec<Moment>)> {
    let declared = Declared::read(&tidy::house()).expect("the folders are readable");
    let read = |folder: &catalogue::Folder| {
        let service = Service::read(folder.clone()).expect("the folder is in order");
        let program = service.program?;
        let days = program.changes();
        let chosen = [days.first(), days.get(days.len() / 2), days.last()].into_iter().flatten();
        let moments = chosen.map(|day| Moment { on: *day, known: base::Date::MAX }).collect();
        Some((folder.slug.clone(), program, moments))
    };
    declared.folders.iter().filter_map(read).collect()
}

/// Households of a law at a moment with the decisions of this house, checked against what a database says.
fn check(dialect: Dialect, ask: impl Fn(&SqlLaw, &Written) -> anyhow::Result<Vec<Answer>>) {
    for (slug, program, moments) in laws() {
        for moment in moments {
            let households: Vec<Facts> = Households::new(&program, moment, 7).take(HOUSEHOLDS).collect();
            let decisions: Vec<Option<Decision>> =
                households.iter().map(|facts| program.decide(facts, moment).ok()).collect();
            let decided = decisions.iter().flatten().count();
            assert!(decided * 2 > HOUSEHOLDS, "{slug}: only {decided} of {HOUSEHOLDS} households have a decision");
            let law = program.to_sql(moment, dialect);
            let facts = Written::new(&law.tables, households.iter()).expect("the facts are written");
            let answers = ask(&law, &facts).unwrap_or_else(|error| panic!("{slug} on {}: {error:#}", moment.on));
            let compared: usize = answers.iter().map(|answer| answer.rows.len()).sum();
            assert!(compared >= HOUSEHOLDS, "{slug}: {compared} rows came back");
            let found = differences(&decisions, &answers);
            let told: Vec<String> = found.iter().take(TOLD).map(ToString::to_string).collect();
            assert!(found.is_empty(), "{slug} on {}: {} differences\n{}", moment.on, found.len(), told.join("\n"));
        }
    }
}

#[test]
fn postgresql_computes_every_rule_as_we_do() {
    let postgres = Postgres::start().expect("PostgreSQL starts");
    check(Dialect::PostgreSql, |law, facts| postgres.ask(law, facts));
}

#[test]
fn datafusion_computes_every_rule_as_we_do() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    check(Dialect::DataFusion, |law, facts| runtime.block_on(ask_datafusion(law, facts)));
}

#[test]
fn a_wrong_value_is_found() {
    let (_, program, moments) = laws().swap_remove(0);
    let moment = moments[0];
    let households: Vec<Facts> = Households::new(&program, moment, 7).take(50).collect();
    let decisions: Vec<Option<Decision>> = households.iter().map(|facts| program.decide(facts, moment).ok()).collect();
    let law = program.to_sql(moment, Dialect::PostgreSql);
    let facts = Written::new(&law.tables, households.iter()).expect("the facts are written");
    let postgres = Postgres::start().expect("PostgreSQL starts");
    let mut answers = postgres.ask(&law, &facts).expect("it answers");
    assert!(differences(&decisions, &answers).is_empty());
    let spoiled = answers[0].rows.iter_mut().find(|row| row.last().is_some_and(|value| !value.is_empty()));
    *spoiled.and_then(|row| row.last_mut()).expect("a value") = "12345.67".to_owned();
    assert_eq!(differences(&decisions, &answers).len(), 1);
}
