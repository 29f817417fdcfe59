//! Single households, against the law decided one by one with its reasons.

use population::World;
use rules::{Moment, Value};

use crate::world::{ON, of_people, service, study};

#[test]
fn a_household_gets_what_the_law_says_of_it_alone() {
    let law = service("assegno-unico");
    let program = law.program.as_ref().expect("it computes");
    let seen = of_people(&study(&law, None), 3, 600, 2, 64);
    let mut due = 0;
    for (household, line) in World::new(3, 600, ON).expect("a world").zip(seen.outcomes.lines().skip(1)) {
        let parents = household.registered_members().filter(|member| member.person.parent.is_some());
        let asks = parents.min_by_key(|member| member.relation != population::Relation::Holder);
        let code = &asks.unwrap_or(&household.members[0]).person.fiscal_code;
        let known = registry::known_of(&household, code, Moment::at(ON), &registry::Registries::default());
        let facts = law.form.submission(&law.form.prefill(&known, ON).facts, ON);
        let decision = program.decide(&facts, Moment::at(ON)).expect("no fault");
        let amount = decision.amount.filter(|_| decision.entitled == Some(true)).unwrap_or_default();
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields[1], household.id);
        if fields[3] == "mancano dati" {
            assert!(decision.entitled.is_none() || decision.amount.is_none(), "{line}: {decision:?}");
        } else {
            assert_eq!(fields[4], amount.normalize().to_string(), "{line}: {}", Value::Dec(amount));
            due += i32::from(!amount.is_zero());
        }
    }
    assert!(due > 30, "{due} households have a right");
}
