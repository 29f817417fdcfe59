//! From registries to the amount, with the law and the form of the assegno unico: nothing typed.

use std::collections::BTreeMap;

use rules::{Decimal, Decision, Moment, Program, Sources};

use crate::house::{House, TODAY, form};

const RULES: &str = include_str!("../../../../services/assegno-unico/rules.md");
const TABLE: &str = include_str!("../../../../services/assegno-unico/tabelle/importi.csv");

async fn decision(house: &House, program: &Program, handle: &str) -> Decision {
    let form = form();
    let known = house.known_of(handle).await;
    let facts = form.submission(&form.prefill(&known, TODAY).facts, TODAY);
    program.decide(&facts, Moment::at(TODAY)).unwrap()
}

#[tokio::test]
async fn amounts_follow_from_registries_alone() {
    let house = House::with_samples().await;
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), TABLE.to_owned())]);
    let program = Program::parse(&Sources { file: "rules.md", text: RULES, tables: &tables }).unwrap();
    for (handle, amount) in [("chiara", "914.30"), ("francesca", "1044.45")] {
        let decision = decision(&house, &program, handle).await;
        assert_eq!(decision.missing, [], "{handle}");
        assert_eq!(decision.amount, Some(amount.parse::<Decimal>().unwrap()), "{handle}");
    }
}
