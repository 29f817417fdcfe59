use base::Date;
use rules::{Decision, Facts, Moment, Program};

/// What the law of a service says of answers on a day, without the trace: the officer's page computes it again. `None`
/// where there is nothing to compute, or the rules cannot compute with an answer, which is then left to the officer.
#[must_use]
pub fn computed(law: Option<&Program>, answers: &Facts, day: Date) -> Option<Decision> {
    let decided = law?.decide(answers, Moment::at(day));
    let decided = decided.inspect_err(|error| tracing::warn!(%error, "no decision computed"));
    decided.ok().map(|decision| Decision { trace: Vec::new(), ..decision })
}
