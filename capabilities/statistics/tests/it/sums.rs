//! No figure depends on how the work was divided.

use proptest::prelude::*;

use crate::world::{of_people, reform, service, study};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn sums_are_the_same_whatever_threads_and_blocks(
        seed in 0u64..1000, persons in 0u64..300, threads in 2usize..5, block in 1usize..200,
    ) {
        let (law, draft) = (service("assegno-unico"), reform());
        let study = study(&law, Some(&draft));
        let one = of_people(&study, seed, persons, 1, 1_000);
        let many = of_people(&study, seed, persons, threads, block);
        prop_assert_eq!(one.summary.json(), many.summary.json());
        prop_assert_eq!(one, many);
    }
}

#[test]
fn what_is_counted_is_what_is_in_the_outcomes() {
    let (law, draft) = (service("assegno-unico"), reform());
    let seen = of_people(&study(&law, Some(&draft)), 7, 1_500, 2, 100);
    let cents = |text: &str| {
        let (euro, rest) = text.split_once('.').unwrap_or((text, "0"));
        euro.parse::<i64>().expect("euro") * 100 + format!("{rest:0<2}").parse::<i64>().expect("cents")
    };
    let (mut before, mut after, mut winners, mut losers, mut entitled) = (0, 0, 0, 0, 0);
    for line in seen.outcomes.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [_, _, _, outcome, amount, _, reformed] = fields[..] else { panic!("seven columns: {line}") };
        entitled += i64::from(outcome == "spetta");
        if outcome == "mancano dati" {
            continue;
        }
        let (old, new) = (cents(amount), cents(reformed));
        (before, after) = (before + old, after + new);
        (winners, losers) = (winners + i64::from(new > old), losers + i64::from(new < old));
    }
    let all = &seen.summary.all;
    let change = all.change.as_ref().expect("there is a draft");
    let told =
        |amount: Option<rust_decimal::Decimal>| i64::try_from(amount.expect("a cost").mantissa()).expect("it fits");
    assert_eq!(told(all.law.cost.month), before);
    assert_eq!(told(all.draft.as_ref().expect("there is a draft").cost.month), after);
    assert_eq!((change.winners.rows, change.losers.rows), (winners.unsigned_abs(), losers.unsigned_abs()));
    assert!(winners > 0 && losers > 0 && entitled > 50, "{winners} {losers} {entitled}");
    assert_eq!(i64::try_from(all.law.rows).expect("it fits"), entitled);
}
