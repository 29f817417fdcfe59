//! Decision tables: what they give, and what is refused.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select};
use rules::{Decimal, Diagnostic, EvalError, Facts, Moment, Program, Value};

use crate::laws::law;

const FACTS: &str = "\
| dato | di | tipo | unità | titolo | obbligatorio | valori | uso |
|---|---|---|---|---|---|---|---|
| eta | nucleo | intero | anni | Età | sì | | identificazione |
| isee | nucleo | decimale | euro | ISEE | no | | identificazione |
| grado | nucleo | testo | | Grado | sì | nessuno, medio, grave | identificazione |
| lavora | nucleo | sì/no | | Lavora | sì | | identificazione |
| nato_il | nucleo | data | | Nascita | sì | | identificazione |

| parametro | vale dal | noto dal | valore | unità | fonte |
|---|---|---|---|---|---|
| soglia | 2020-01-01 | | 10000.00 | euro | L. 1 |
| soglia | 2024-01-01 | | 30000.00 | euro | L. 2 |

# Art. 1 – Quanto

";

/// A law whose amount is the table.
fn table(policy: &str, rows: &str) -> Result<Program, Vec<Diagnostic>> {
    let unused = if rows.contains("soglia") { "" } else { "soglia" };
    let facts = if unused.is_empty() { FACTS.to_owned() } else { without_parameters() };
    law(&format!(
        "{facts}```sql\n-- regola: importo\n-- titolo: Importo\n-- unità: euro\n-- dal: 2020-01-01\n-- ruolo: importo\n-- criterio: {policy}\n```\n\n{rows}\n"
    ))
}

fn without_parameters() -> String {
    let start = FACTS.find("| parametro").expect("there is a table");
    let end = FACTS.find("# Art.").expect("there is an article");
    format!("{}{}", &FACTS[..start], &FACTS[end..])
}

fn amount(program: &Program, facts: &[(&str, Value)]) -> Option<Decimal> {
    amount_on(program, facts, "2026-01-01").expect("the table can be computed")
}

fn amount_on(program: &Program, facts: &[(&str, Value)], day: &str) -> Result<Option<Decimal>, EvalError> {
    let values = facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let moment = Moment::at(day.parse().expect("a day"));
    program.decide(&Facts { values, groups: BTreeMap::new() }, moment).map(|decision| decision.amount)
}

fn dec(text: &str) -> Option<Decimal> {
    Some(text.parse().expect("a number"))
}

fn law_of(text: &str) -> Program {
    law(text).unwrap_or_else(|wrong| panic!("{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

fn only(result: Result<Program, Vec<Diagnostic>>) -> Diagnostic {
    let mut wrong = result.expect_err("the table has a mistake");
    assert_eq!(wrong.len(), 1, "{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    wrong.remove(0)
}

/// A law with a table in it, to be broken.
pub fn sample() -> String {
    format!(
        "{}```sql\n-- regola: importo\n-- titolo: I\n-- unità: euro\n-- dal: 2020-01-01\n-- ruolo: importo\n-- criterio: unica\n```\n\n{UNIQUE}",
        without_parameters()
    )
}

const UNIQUE: &str = "\
| eta | grado | importo | nota |
|---|---|---|---|
| < 18 | grave | 100 | legge 1 |
| < 18 | non grave | 50.50 | |
| 18..20, > 64 | - | 25 | |
| (20..64] | medio, grave | 10 * 2 | |
| (20..64] | nessuno | 0 | |
";

#[test]
fn a_unique_table_gives_the_value_of_the_row_that_fits() {
    let law = table("unica", UNIQUE).unwrap();
    let given = |eta: i64, grado: &str| amount(&law, &[("eta", eta.into()), ("grado", grado.into())]);
    assert_eq!(given(17, "grave"), dec("100"));
    assert_eq!(given(17, "medio"), dec("50.50"));
    assert_eq!(given(18, "grave"), dec("25"));
    assert_eq!(given(21, "grave"), dec("20"));
    assert_eq!(given(64, "nessuno"), dec("0"));
    assert_eq!(given(65, "nessuno"), dec("25"));
    assert_eq!(amount(&law, &[("eta", 18.into())]), dec("25"), "the degree does not matter at 18");
    assert_eq!(amount(&law, &[("eta", 17.into())]), None, "it does at 17");
}

#[test]
fn the_first_row_that_fits_decides_and_what_is_not_known_decides_nothing() {
    let rows = "| isee | lavora | importo |\n|---|---|---|\n| <= soglia | - | 100 |\n| - | no | 50 |\n| - | - | 0 |\n";
    let law = table("prima", rows).unwrap();
    let isee = |amount: &str| Value::Dec(amount.parse().unwrap());
    let on = |facts: &[(&str, Value)], day: &str| amount_on(&law, facts, day).unwrap();
    assert_eq!(on(&[("isee", isee("20000")), ("lavora", true.into())], "2023-12-31"), dec("0"));
    assert_eq!(on(&[("isee", isee("20000")), ("lavora", true.into())], "2024-01-01"), dec("100"));
    assert_eq!(on(&[("isee", isee("30000.01")), ("lavora", false.into())], "2024-01-01"), dec("50"));
    assert_eq!(on(&[("lavora", false.into())], "2024-01-01"), None, "an unknown ISEE is not a high one");
}

#[test]
fn what_is_absent_can_be_asked_for() {
    let rows = "| isee | importo |\n|---|---|\n| manca | 1 |\n| <= 10000 | 2 |\n| > 10000 | 3 |\n";
    let law = table("unica", rows).unwrap();
    assert_eq!(amount(&law, &[]), dec("1"));
    assert_eq!(amount(&law, &[("isee", 10_000.into())]), dec("2"));
    let all = "| isee | importo |\n|---|---|\n| manca, <= 10000 | 2 |\n| non manca, <= 10000 | 3 |\n";
    let law = table("unica", all).unwrap();
    assert_eq!((amount(&law, &[]), amount(&law, &[("isee", 10_001.into())])), (dec("2"), dec("3")));
    let gap =
        only(table("unica", "| isee | lavora | importo |\n|---|---|---|\n| manca | sì | 1 |\n| non manca | - | 2 |\n"));
    assert!(gap.message.ends_with("per `isee` che manca, `lavora` = no"), "{gap}");
}

#[test]
fn tables_that_collect() {
    let rows = "| eta | lavora | importo |\n|---|---|---|\n| < 18 | - | 10 |\n| < 21 | no | 5.5 |\n| - | sì | 1 |\n";
    let given = |policy: &str, eta: i64, works: bool| {
        amount(&table(policy, rows).unwrap(), &[("eta", eta.into()), ("lavora", works.into())])
    };
    assert_eq!(given("somma", 17, false), dec("15.5"));
    assert_eq!(given("somma", 30, false), dec("0"));
    assert_eq!(given("minimo", 17, true), dec("1"));
    assert_eq!(given("massimo", 17, true), dec("10"));
    assert_eq!(given("massimo", 30, false), None);
    let law = table("massimo", rows).unwrap();
    assert_eq!(amount(&law, &[("eta", 17.into())]), None, "not known whether another row fits");
    let text = "\
| eta | lavora |
|---|---|
| < 18 | - |
| < 21 | no |

```sql
-- regola: importo
-- titolo: Importo
-- unità: euro
-- dal: 2020-01-01
-- ruolo: importo
righe * 1.00
```
";
    let head =
        "```sql\n-- regola: righe\n-- titolo: R\n-- unità: numero\n-- dal: 2020-01-01\n-- criterio: conteggio\n```\n\n";
    let times = text.replace("righe * 1.00", "CASE WHEN righe = 2 THEN 2.00 WHEN righe = 1 THEN 1.00 ELSE 0 END");
    let counted = law_of(&format!("{}{head}{times}", without_parameters()));
    assert_eq!(amount(&counted, &[("eta", 17.into()), ("lavora", false.into())]), dec("2.00"));
}

#[test]
fn one_table_may_define_several_rules() {
    let text = "\
```sql
-- regola: quota, mesi_dovuti
-- titolo: Quota; Mesi
-- unità: euro, mesi
-- dal: 2020-01-01
-- criterio: unica
```

Le condizioni dell'articolo:

| nato_il | quota | mesi_dovuti |
|---|---|---|
| < 2024-01-01 | 3000 | 11 |
| >= 2024-01-01 | 3600 | 12 |

```sql
-- regola: importo
-- titolo: Importo
-- unità: euro
-- dal: 2020-01-01
-- ruolo: importo
CASE WHEN mesi_dovuti = 12 THEN quota ELSE quota / 2 END
```
";
    let law = law(&format!("{}{text}", without_parameters())).unwrap();
    let born = |day: &str| amount(&law, &[("nato_il", Value::Date(day.parse().unwrap()))]);
    assert_eq!((born("2023-12-31"), born("2024-01-01")), (dec("1500"), dec("3600")));
    assert_eq!(law.rules()[1].versions[0].title, "Mesi");
}

/// Policy, rows (without the line under the heading), words of the message.
const MISTAKES: [(&str, &str, &str); 21] = [
    ("unica", "| eta | importo |\n| < 18 | 1 |\n| > 18 | 2 |", "non dice nulla per `eta` = 18"),
    ("unica", "| isee | importo |\n| < 18 | 1 |\n| >= 18.01 | 2 |", "non dice nulla per `isee` = 18"),
    ("unica", "| isee | importo |\n| <= 18 | 1 |\n| >= 18.01 | 2 |", "non dice nulla per `isee` = 18.005"),
    ("unica", "| eta | lavora | importo |\n| < 18 | - | 1 |\n| >= 18 | no | 2 |", "`eta` = 18, `lavora` = sì"),
    ("unica", "| grado | importo |\n| medio | 1 |\n| nessuno | 2 |", "non dice nulla per `grado` = grave"),
    ("unica", "| nato_il | importo |\n| < 2020-01-01 | 1 |\n| > 2020-01-01 | 2 |", "`nato_il` = 2020-01-01"),
    (
        "unica",
        "| eta | importo |\n| <= 18 | 1 |\n| >= 18 | 2 |",
        "alla riga 22 del file valgono insieme per `eta` = 18",
    ),
    ("unica", "| isee | importo |\n| <= soglia | 1 |\n| > 20000 | 2 |", "(parametri in vigore il 2020-01-01)"),
    ("unica", "| isee | importo |\n| < 10001 | 1 |\n| > soglia | 2 |", "valgono insieme per `isee` = 10000.01"),
    ("prima", "| eta | importo |\n| < 18 | 1 |\n| - | 2 |\n| > 70 | 3 |", "non si arriva mai"),
    (
        "qualsiasi",
        "| eta | lavora | importo |\n| < 18 | - | 1 |\n| - | no | 2 |\n| - | sì | 1 |",
        "danno valori diversi",
    ),
    ("unica", "| eta | importo |\n| 20..18 | 1 |\n| - | 2 |", "questa riga non vale mai"),
    ("unica", "| eta | importo |\n| < venti | 1 |", "condizione non leggibile nella colonna `eta` (anni): `venti`"),
    ("unica", "| grado | importo |\n| gravissimo | 1 |", "non può valere 'gravissimo'"),
    ("unica", "| etta | importo |\n| - | 1 |", "nome sconosciuto `etta`"),
    ("unica", "| eta | valore |\n| - | 1 |", "non ha la colonna `importo`"),
    ("unica", "| eta | importo |\n| - | eta |", "la colonna `importo` è in euro, qui c'è: anni"),
    ("unica", "| eta | importo |\n|  | 1 |", "cella vuota"),
    ("unica", "| eta | eta | importo |\n| - | - | 1 |", "chiedono la stessa cosa"),
    ("unica", "| importo |\n| 1 |", "senza condizioni"),
    ("migliore", "| eta | importo |\n| - | 1 |", "criterio sconosciuto: `migliore`"),
];

#[test]
fn mistakes_in_tables() {
    let mut unexpected = Vec::new();
    for (policy, rows, message) in MISTAKES {
        let (head, rest) = rows.split_once('\n').unwrap();
        let line = "|---".repeat(head.matches('|').count() - 1);
        let wrong = only(table(policy, &format!("{head}\n{line}|\n{rest}\n")));
        if !wrong.message.contains(message) {
            unexpected.push(format!("{message}\n{wrong}"));
        }
    }
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n\n"));
}

#[test]
fn a_cell_is_underlined_where_it_stands() {
    let wrong = only(table("unica", "| eta | grado | importo |\n|---|---|---|\n| < 18 | medio, altro | 1 |\n"));
    assert_eq!(wrong.source, "| < 18 | medio, altro | 1 |");
    assert_eq!(wrong.column, 17);
}

#[test]
fn a_table_needs_its_header_and_a_header_its_table() {
    let missing = only(table("unica", "Nessuna tabella."));
    assert!(missing.message.contains("non c'è una tabella"), "{missing}");
    let text = "```sql\n-- regola: importo\n-- titolo: I\n-- unità: euro\n-- dal: 2020-01-01\n-- ruolo: importo\n-- criterio: prima\neta * 1\n```\n\n| eta | importo |\n|---|---|\n| - | 1 |\n";
    let both = only(law(&format!("{}{text}", without_parameters())));
    assert!(both.message.contains("non in un'espressione"), "{both}");
}

/// A random row: bounds of an age (both in), one degree or any, works or any.
type RandomRow = (Option<(i64, i64)>, Option<&'static str>, Option<bool>);

fn random_row() -> impl Strategy<Value = RandomRow> {
    let bounds = proptest::option::of((0i64..6, 0i64..4).prop_map(|(low, more)| (low, low + more)));
    let degree = proptest::option::of(select(vec!["nessuno", "medio", "grave"]));
    (bounds, degree, proptest::option::of(any::<bool>()))
}

fn fits(row: &RandomRow, age: i64, degree: &str, works: bool) -> bool {
    row.0.is_none_or(|(low, high)| low <= age && age <= high)
        && row.1.is_none_or(|wanted| wanted == degree)
        && row.2.is_none_or(|wanted| wanted == works)
}

fn written(rows: &[RandomRow]) -> String {
    let mut text = "| eta | grado | lavora | importo |\n|---|---|---|---|\n".to_owned();
    for (at, (bounds, degree, works)) in rows.iter().enumerate() {
        let bounds = bounds.map_or("-".to_owned(), |(low, high)| format!("{low}..{high}"));
        let works = works.map_or("-", |works| if works { "sì" } else { "no" });
        text += &format!("| {bounds} | {} | {works} | {at} |\n", degree.unwrap_or("-"));
    }
    text
}

/// Every case that the rows may tell apart: ages from below the lowest bound to above the highest.
fn cases() -> impl Iterator<Item = (i64, &'static str, bool)> {
    (-1i64..11).flat_map(|age| {
        ["nessuno", "medio", "grave"]
            .into_iter()
            .flat_map(move |degree| [true, false].map(|works| (age, degree, works)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// A table is accepted exactly if trying every case finds one row, and then it gives that row's value.
    #[test]
    fn unique_tables_are_judged_exactly(rows in vec(random_row(), 1..5)) {
        let right = cases().all(|(age, degree, works)| {
            rows.iter().filter(|row| fits(row, age, degree, works)).count() == 1
        });
        let read = table("unica", &written(&rows));
        prop_assert_eq!(read.is_ok(), right, "{}", written(&rows));
    }

    /// The first row that fits decides; a table is refused exactly if a case has no row, or a row no case of its own.
    #[test]
    fn first_tables_are_judged_exactly(mut rows in vec(random_row(), 0..4)) {
        rows.push((None, None, None));
        let first = |case: &(i64, &str, bool)| rows.iter().position(|row| fits(row, case.0, case.1, case.2));
        let reached: Vec<usize> = cases().filter_map(|case| first(&case)).collect();
        match table("prima", &written(&rows)) {
            Err(_) => prop_assert!((0..rows.len()).any(|row| !reached.contains(&row)), "{}", written(&rows)),
            Ok(law) => {
                prop_assert!((0..rows.len()).all(|row| reached.contains(&row)), "{}", written(&rows));
                for case in cases().step_by(7) {
                    let facts = [("eta", case.0.into()), ("grado", case.1.into()), ("lavora", case.2.into())];
                    prop_assert_eq!(amount(&law, &facts), first(&case).map(Decimal::from));
                }
            }
        }
    }
}
