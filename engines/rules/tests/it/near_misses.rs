//! What would turn a comparison: exactly that, and not one step less.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select};
use rules::{Decision, Facts, Moment, NearMiss, Program, Unit, Value};

use crate::laws::law;

const FACTS: &str = "\
| dato | di | tipo | unità | titolo | uso |
|---|---|---|---|---|---|
| reddito | nucleo | decimale | euro | Reddito | identificazione |
| ore | nucleo | intero | numero | Ore | identificazione |
| nato_il | nucleo | data | | Data di nascita | identificazione |

";

const RIGHT: &str = "
```sql
-- regola: diritto
-- titolo: Diritto
-- unità: sì/no
-- dal: 2020-01-01
-- ruolo: diritto
prova
```
";

/// A law with one requirement.
fn requiring(expression: &str) -> Program {
    let rule = "-- regola: prova\n-- titolo: Prova\n-- unità: sì/no\n-- dal: 2020-01-01\n-- ruolo: requisito\n";
    law(&format!("{FACTS}# Art. 1\n\n```sql\n{rule}{expression}\n```\n{RIGHT}")).expect("a correct law")
}

fn decide(law: &Program, values: &BTreeMap<String, Value>) -> Decision {
    let facts = Facts { values: values.clone(), ..Facts::default() };
    law.decide(&facts, Moment::at("2026-03-01".parse().expect("a day"))).expect("everything is known")
}

fn of_rule(decision: &Decision) -> Option<&NearMiss> {
    decision.near_misses.iter().find(|miss| miss.rule == "prova")
}

/// A fact, a number or day to compare it with, and where the fact stands from there, in steps.
#[derive(Debug, Clone)]
struct Case {
    fact: &'static str,
    bound: i64,
    steps: i64,
    operator: &'static str,
    turned: bool,
    negations: usize,
}

impl Case {
    /// The value so many steps from the epoch of its kind.
    fn value(&self, steps: i64) -> Value {
        match self.fact {
            "reddito" => Value::Dec(rules::Decimal::new(steps, 2)),
            "ore" => Value::Dec(steps.into()),
            _ => {
                let epoch: base::Date = "2000-01-01".parse().expect("a day");
                Value::Date(epoch.saturating_add(jiff::Span::new().days(steps)))
            }
        }
    }

    fn written(&self) -> String {
        let bound = match self.value(self.bound) {
            Value::Date(day) => format!("DATE '{day}'"),
            value => value.as_decimal().expect("a number").to_string(),
        };
        let Self { fact, operator, .. } = self;
        let comparison =
            if self.turned { format!("{bound} {operator} {fact}") } else { format!("{fact} {operator} {bound}") };
        (0..self.negations).fold(comparison, |inner, _| format!("NOT ({inner})"))
    }

    fn facts(&self, value: Value) -> BTreeMap<String, Value> {
        let mut facts = BTreeMap::from([
            ("reddito".to_owned(), Value::Dec(1.into())),
            ("ore".to_owned(), Value::Int(1)),
            ("nato_il".to_owned(), Value::Null),
        ]);
        let whole = matches!(self.fact, "ore").then(|| value.as_decimal()).flatten();
        let value = whole.map_or(value, |number| Value::Int(number.try_into().expect("a small number")));
        facts.insert(self.fact.to_owned(), value);
        facts
    }

    /// Steps of a value from the epoch.
    fn steps_of(&self, value: &Value) -> i64 {
        (0..=6_000).find(|steps| self.value(*steps) == *value).expect("a whole number of steps")
    }
}

fn case() -> impl Strategy<Value = Case> {
    let facts = select(vec!["reddito", "ore", "nato_il"]);
    let operators = select(vec!["=", "<>", "<", "<=", ">", ">="]);
    (facts, 1_000i64..5_000, -3i64..=3, operators, any::<bool>(), 0usize..3).prop_map(
        |(fact, bound, steps, operator, turned, negations)| Case { fact, bound, steps, operator, turned, negations },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_needed_turns_the_comparison_and_one_step_less_does_not(case in case()) {
        let law = requiring(&case.written());
        let entitled = |steps: i64| decide(&law, &case.facts(case.value(steps))).entitled.expect("it is known");
        let start = case.bound + case.steps;
        let decision = decide(&law, &case.facts(case.value(start)));
        let miss = of_rule(&decision).expect("it is a requirement, and decides");
        let Some(distance) = miss.distance else {
            let equality = ["=", "<>"].contains(&case.operator);
            prop_assert!(equality && case.steps == 0, "anything else would do: {:?}", miss);
            return Ok(());
        };
        let needed = case.steps_of(miss.needed.as_ref().expect("with its distance"));
        prop_assert!(!distance.is_zero() && needed != start);
        prop_assert_ne!(entitled(needed), entitled(start), "{} {:?}", case.written(), miss);
        prop_assert_eq!(entitled(needed - (needed - start).signum()), entitled(start), "{} {:?}", case.written(), miss);
        prop_assert_eq!(miss.entitled_then, Some(entitled(needed)));
    }
}

fn dec(text: &str) -> Value {
    Value::Dec(text.parse().expect("a number"))
}

fn facts(income: &str, hours: i64) -> BTreeMap<String, Value> {
    BTreeMap::from([
        ("reddito".to_owned(), dec(income)),
        ("ore".to_owned(), Value::Int(hours)),
        ("nato_il".to_owned(), Value::Date("2008-03-02".parse().expect("a day"))),
    ])
}

#[test]
fn a_limit_that_is_met_exactly_is_missed_by_a_cent_more() {
    let law = requiring("reddito <= 35000.00");
    let decision = decide(&law, &facts("35000.00", 1));
    let miss = of_rule(&decision).expect("a requirement");
    assert_eq!((miss.needed.clone(), miss.distance), (Some(dec("35000.01")), Some("0.01".parse().expect("a number"))));
    assert_eq!((miss.improves, miss.entitled_then), (false, Some(false)));
}

#[test]
fn whole_measures_need_a_whole_step() {
    let law = requiring("anni(nato_il) >= 17.5");
    let decision = decide(&law, &facts("1", 1));
    let miss = of_rule(&decision).expect("a requirement");
    assert_eq!((miss.needed.clone(), miss.unit), (Some(dec("18")), Some(Unit::Years)));
    let decision = decide(&requiring("40 - ore > 12"), &facts("1", 30));
    assert_eq!(of_rule(&decision).expect("a requirement").needed, Some(dec("13")));
}

#[test]
fn a_side_that_is_not_known_is_no_side_to_turn() {
    let law = requiring("ore >= 20 AND reddito < 9000.00");
    let mut facts = facts("9500", 1);
    facts.insert("ore".to_owned(), Value::Null);
    let decision = decide(&law, &facts);
    assert!(of_rule(&decision).is_none_or(|miss| miss.distance.is_none()), "{:?}", decision.near_misses);
}

/// The amount of the bracket that the fact would then be in, and not of the one that it is in.
#[test]
fn the_table_reads_the_fact_as_it_is_supposed() {
    let text = format!(
        "{FACTS}# Art. 1

```sql
-- regola: prova
-- titolo: Reddito non superiore al limite
-- unità: sì/no
-- dal: 2020-01-01
-- ruolo: requisito
reddito <= 35000.00
```
{RIGHT}
```sql
-- regola: importo
-- titolo: Importo
-- unità: euro
-- dal: 2020-01-01
-- ruolo: importo
CASE WHEN NOT diritto THEN 0.00 WHEN reddito > 35000.00 THEN 0.00 WHEN diritto THEN 200.00 END
```
"
    );
    let decision = decide(&law(&text).expect("a correct law"), &facts("36000.00", 1));
    let miss = of_rule(&decision).expect("a requirement");
    assert_eq!(
        (miss.needed.clone(), miss.amount_then),
        (Some(dec("35000.00")), Some("200.00".parse().expect("it is")))
    );
}
