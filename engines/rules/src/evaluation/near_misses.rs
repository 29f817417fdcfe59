//! What would change the outcome if it were otherwise.

use rust_decimal::Decimal;

use crate::{Unit, Value, language::Reference};

use super::{NearMiss, Run, bounds::moved_inputs, gap::gap, run::Read, suppositions::Suppositions};

pub(super) type Outcome = (Option<bool>, Option<Decimal>);

/// Supposes every supposable yes/no rule otherwise, one at a time, and every absent input that has a most favourable
/// value, and every number moved over the nearest of its bounds; keeps what changes the outcome.
pub(super) fn near_misses(run: &Run<'_>, now: Outcome) -> Vec<NearMiss> {
    let mut suppositions = Suppositions::new(run);
    let mut found: Vec<NearMiss> = Vec::new();
    for (slot, rule) in run.program.rules.iter().enumerate() {
        let supposable = run.versions[slot].is_some_and(|version| version.supposable);
        if rule.unit == Unit::YesNo && supposable && Some(slot) != run.program.entitlement && matters(run, slot) {
            let members = run.members(slot);
            found.extend(members.filter_map(|member| suppose_rule(run, &mut suppositions, slot, member, now)));
        }
    }
    found.extend(absent_inputs(run, &mut suppositions, now));
    found.extend(moved_inputs(run, &mut suppositions, now));
    found.sort_by_key(nearness);
    found
}

/// Whether an outcome depends on the rule at all.
fn matters(run: &Run<'_>, slot: usize) -> bool {
    let outcomes = [run.program.entitlement, run.program.amount];
    outcomes.into_iter().flatten().any(|outcome| run.program.dependents[slot].contains(&outcome))
}

/// Improvements first, then those whose distance is known, the smallest share of the threshold first.
fn nearness(miss: &NearMiss) -> (bool, bool, Decimal) {
    let threshold = miss.needed.as_ref().and_then(Value::as_decimal).filter(|needed| !needed.is_zero());
    let share = miss.distance.map(|distance| match threshold {
        Some(threshold) => distance.checked_div(threshold.abs()).unwrap_or(distance),
        None => distance,
    });
    (!miss.improves, share.is_none(), share.unwrap_or_default())
}

/// A rule that compares a fact is supposed by its fact: what else reads the fact (a table of amounts) then follows.
fn suppose_rule(
    run: &Run<'_>,
    suppositions: &mut Suppositions<'_, '_>,
    slot: usize,
    member: usize,
    now: Outcome,
) -> Option<NearMiss> {
    let value = run.value(slot, member).as_ref().ok()?;
    let candidates = match value {
        Value::Bool(true) => &[false][..],
        Value::Bool(false) => &[true],
        _ => &[true, false],
    };
    let this = Read { reference: Reference::Rule(slot), member };
    let (supposed, then) = candidates.iter().find_map(|supposed| {
        let then = suppositions.outcome(this, Value::Bool(*supposed)).filter(|then| *then != now)?;
        Some((*supposed, then))
    })?;
    let version = run.versions[slot]?;
    let gap = gap(suppositions.present(), &version.expr, supposed, member);
    let then = match gap.as_ref().and_then(|gap| Some((gap.datum?, gap.needed.clone()))) {
        Some((datum, needed)) => suppositions.outcome(datum, needed).filter(|then| *then != now)?,
        None => then,
    };
    let rule = &run.program.rules[slot];
    let (now_value, needed, distance, unit) = match gap {
        Some(gap) => (gap.now, gap.needed, Some(gap.distance), gap.unit),
        None => (value.clone(), Value::Bool(supposed), None, Some(Unit::YesNo)),
    };
    Some(NearMiss {
        rule: rule.name.clone(),
        label: version.title.clone(),
        paragraph: version.paragraph.clone(),
        member: run.member(rule.owner, member),
        now: now_value,
        needed: Some(needed),
        distance,
        unit,
        improves: rank(then) > rank(now),
        entitled_then: then.0,
        amount_then: then.1,
    })
}

/// More entitled first, then more money.
pub(super) fn rank((entitled, amount): Outcome) -> (bool, Option<Decimal>) {
    (entitled == Some(true), amount)
}

impl Run<'_> {
    /// The paragraph of the first rule that reads an input.
    pub(super) fn paragraph_reading(&self, input: usize) -> String {
        let reads = |slot: &usize| {
            let mut found = false;
            if let Some(version) = self.versions[*slot] {
                version.expr.references(&mut |used| found |= used == Reference::Input(input));
            }
            found
        };
        let first = self.program.input_dependents[input].iter().copied().find(|slot| reads(slot));
        first.and_then(|slot| self.versions[slot]).map_or_else(String::new, |version| version.paragraph.clone())
    }
}

fn absent_inputs(run: &Run<'_>, suppositions: &mut Suppositions<'_, '_>, now: Outcome) -> Vec<NearMiss> {
    let inputs = run.program.inputs.iter().enumerate();
    let hopeful = inputs.filter_map(|(slot, input)| Some((slot, input.owner, input.hypothesis.as_ref()?)));
    let everyone =
        hopeful.flat_map(|(slot, owner, value)| (0..run.frame.count(owner)).map(move |member| (slot, member, value)));
    everyone
        .filter(|(slot, member, _)| run.input(*slot, *member).is_null())
        .filter_map(|(slot, member, value)| suppose_input(run, suppositions, (slot, member), (value, now)))
        .collect()
}

fn suppose_input(
    run: &Run<'_>,
    suppositions: &mut Suppositions<'_, '_>,
    (slot, member): (usize, usize),
    (value, now): (&Value, Outcome),
) -> Option<NearMiss> {
    let input = &run.program.inputs[slot];
    let this = Read { reference: Reference::Input(slot), member };
    let then = suppositions.outcome(this, value.clone()).filter(|then| *then != now)?;
    let needed = as_far_as(run, input.unit, value, |value| suppositions.outcome(this, value) == Some(then));
    Some(NearMiss {
        rule: input.name.clone(),
        label: input.label.clone(),
        paragraph: run.paragraph_reading(slot),
        member: run.member(input.owner, member),
        now: Value::Null,
        needed: Some(needed),
        distance: None,
        unit: Some(input.unit),
        improves: rank(then) > rank(now),
        entitled_then: then.0,
        amount_then: then.1,
    })
}

/// The last bound of a table up to which the most favourable value's outcome holds: "with an ISEE of up to 17,468.51"
/// tells a person more than "with an ISEE of 0". Outcomes worsen from bracket to bracket, so half of the bounds are passed
/// over at each step; the bound that is given was tried.
fn as_far_as(run: &Run<'_>, unit: Unit, best: &Value, mut holds: impl FnMut(Value) -> bool) -> Value {
    let Some(least) = best.as_decimal() else { return best.clone() };
    let tables = run.program.tables.iter().zip(&run.tables).filter(|(table, _)| table.takes == unit);
    let bounds = tables.filter_map(|(_, version)| version.as_ref()).flat_map(|version| version.bounds.iter().copied());
    let mut bounds: Vec<Decimal> = bounds.filter(|bound| *bound > least).collect();
    bounds.sort_unstable();
    let reached = bounds.partition_point(|bound| holds(Value::Dec(*bound)));
    reached.checked_sub(1).map_or_else(|| best.clone(), |last| Value::Dec(bounds[last]))
}
