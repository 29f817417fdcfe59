//! Columns give what one household at a time gives.

use proptest::{collection::vec, prelude::*};
use rules::{
    Decimal, EvalError, Facts, Moment, Program,
    columns::{Batch, Outcomes, Plan, Worker},
};

use crate::{assegno_unico::LAW, properties::any_household};

/// Entitlement and amount of each household, or why there are none.
pub fn outcomes(law: &Program, moment: Moment, households: &[Facts]) -> Outcomes {
    let plan = Plan::compile(law, moment, &[]).expect("no output was named");
    let batch = Batch::from_facts(law, households);
    plan.run(&batch, &mut Worker::default()).expect("the batch was made for this law")
}

type Outcome = Result<(Option<bool>, Option<Decimal>), EvalError>;

/// The same by the other evaluator.
pub fn decided(law: &Program, moment: Moment, facts: &Facts) -> Outcome {
    law.decide(facts, moment).map(|decision| (decision.entitled, decision.amount))
}

pub fn month(months: i32) -> Moment {
    let on = "2022-03-01".parse::<base::Date>().expect("a day").saturating_add(jiff::Span::new().months(months));
    Moment { on, known: base::Date::MAX }
}

/// That the outcome, and each rule for each entity, is what the other evaluator gives: value, or fault by name. Tells
/// how many were set apart though they have no fault.
pub fn same_values(law: &Program, moment: Moment, households: &[Facts]) -> Result<usize, TestCaseError> {
    let rules: Vec<&str> = law.rules().iter().map(|rule| rule.name.as_str()).collect();
    let plan = Plan::compile(law, moment, &rules).expect("rules of the law");
    prop_assert!(plan.is_columnar(), "it is computed household by household");
    let batch = Batch::from_facts(law, households);
    let outcomes = plan.run(&batch, &mut Worker::default()).expect("the batch was made for this law");
    let outputs: Vec<&str> = plan.outputs().collect();
    for (place, facts) in households.iter().enumerate() {
        let decision = law.decide(facts, moment);
        let told = decision.as_ref().map(|decision| (decision.entitled, decision.amount)).map_err(Clone::clone);
        prop_assert_eq!(outcomes.decision(place), told, "{:?}", facts);
        for step in decision.iter().flat_map(|decision| &decision.trace) {
            let output = outputs.iter().position(|name| *name == step.rule).expect("every rule is an output");
            let member = step.member.as_ref().map_or(0, |member| member.index);
            let ours = outcomes.member_value(output, place, member).map_err(|error| match error {
                EvalError::Rule(told) => Some(told.fault),
                EvalError::Fact(_) => None,
            });
            let theirs = step.fault.map_or_else(|| Ok(step.value.clone()), |fault| Err(Some(fault)));
            prop_assert_eq!(ours, theirs, "{} of {:?}", &step.rule, facts);
        }
    }
    Ok(outcomes.apart().filter(|place| law.decide(&households[*place], moment).is_ok()).count())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_households_have_the_same_outcome(households in vec(any_household(), 0..60), months in 0i32..58) {
        let outcomes = outcomes(&LAW, month(months), &households);
        for (place, facts) in households.iter().enumerate() {
            prop_assert_eq!(outcomes.decision(place), decided(&LAW, month(months), facts), "{:?}", facts);
        }
    }
}

#[test]
fn the_assegno_unico_is_columnar() {
    let plan = Plan::compile(&LAW, month(48), &["importo_figlio"]).expect("a rule of the law");
    assert!(plan.is_columnar());
    assert_eq!(plan.outputs().collect::<Vec<_>>(), ["diritto", "importo", "importo_figlio"]);
}
