//! Every law of the house against PostgreSQL and DataFusion.

mod laws;
mod mistakes;

use std::{io::Write as _, time::Instant};

use crosscheck::{Answer, Comparison, Households, Ours, Postgres, Written, ask_datafusion};
use rules::{
    Facts, Moment, Program,
    sql::{Dialect, SqlLaw},
};

use laws::Law;

/// Households for each law, unless `CROSSCHECK_HOUSEHOLDS` says otherwise.
const HOUSEHOLDS: usize = 100_000;
/// Most households that a database computes at once: what holds its memory, and ours.
const AT_ONCE: usize = 10_000;
/// So many differences are told before the rest is only counted.
const TOLD: usize = 10;

fn households() -> usize {
    std::env::var("CROSSCHECK_HOUSEHOLDS").map_or(HOUSEHOLDS, |many| many.parse().expect("a number of households"))
}

/// A database that is asked about a law.
type Ask<'a> = dyn Fn(&SqlLaw, &Written) -> anyhow::Result<Vec<Answer>> + 'a;

/// A law asked at every day on which it changes, with the same number of households for each.
fn check(dialect: Dialect, ask: &Ask<'_>) {
    for law in Law::all() {
        let program = law.program();
        let start = Instant::now();
        let (days, found) = check_law(&law.service, &program, dialect, ask);
        let (rules, differences) = (found.there.len(), &found.differences);
        tell(&format!(
            "{dialect:?}, {}: {} households on {days} days of change, {rules} rules, {} values, {} left out, {} differ, {:.1} s",
            law.service,
            found.households,
            found.values,
            found.faults,
            differences.len(),
            start.elapsed().as_secs_f64(),
        ));
        let told: Vec<String> = differences.iter().take(TOLD).map(ToString::to_string).collect();
        assert!(told.is_empty(), "{}: {} differences\n{}", law.service, differences.len(), told.join("\n"));
        let never: Vec<&String> = found.there.iter().filter(|(_, many)| **many == 0).map(|(rule, _)| rule).collect();
        assert!(never.is_empty(), "{}: no household has a value for {never:?}", law.service);
        assert!(found.faults * 10 < found.values, "{}: {} values left out", law.service, found.faults);
    }
}

fn check_law(service: &str, program: &Program, dialect: Dialect, ask: &Ask<'_>) -> (usize, Comparison) {
    let mut found = Comparison::default();
    let days = program.changes();
    let each = households().div_ceil(days.len()).max(1);
    for (seed, day) in (1..).zip(&days) {
        let moment = Moment { on: *day, known: base::Date::MAX };
        let sql = program.to_sql(moment, dialect);
        let mut source = Households::new(program, moment, seed);
        for begin in (0..each).step_by(AT_ONCE) {
            let chunk: Vec<Facts> = source.by_ref().take(AT_ONCE.min(each - begin)).collect();
            let compared = compare((program, moment), &chunk, &sql, ask);
            found.add(compared.unwrap_or_else(|error| panic!("{service} on {day}: {error:#}")));
        }
    }
    (days.len(), found)
}

fn compare(
    (program, moment): (&Program, Moment),
    households: &[Facts],
    sql: &SqlLaw,
    ask: &Ask<'_>,
) -> anyhow::Result<Comparison> {
    let ours = Ours::compute(program, moment, households)?;
    let facts = Written::new(&sql.tables, households.iter())?;
    let mut found = Comparison { households: households.len() as u64, ..Comparison::default() };
    for answer in ask(sql, &facts)? {
        found.add(ours.compare(&answer)?);
    }
    Ok(found)
}

fn tell(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("standard error is open");
}

/// In a build without optimisation the planner of DataFusion takes more stack than a test has.
fn with_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(test).expect("a thread");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

#[test]
fn postgresql_computes_every_rule_as_we_do() {
    let postgres = Postgres::start().expect("PostgreSQL starts");
    check(Dialect::PostgreSql, &|law, facts| postgres.ask(law, facts));
}

#[test]
fn datafusion_computes_every_rule_as_we_do() {
    with_stack(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        check(Dialect::DataFusion, &|law, facts| runtime.block_on(ask_datafusion(law, facts)));
    });
}
