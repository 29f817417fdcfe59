//! ISEE attestations that follow from the household's income, in a simplified form of DPCM 159/2013.
//!
//! Kept: income of the second year before, the deductions for work and rent, a fifth of wealth, the scale with its
//! supplements for children. Left out: the franchises for disability, the home, pensions' deduction, the cases of
//! parents who live apart. Good enough for a population; **never** a basis for anybody's entitlement.

use base::{Cents, age_on};
use jiff::{Span, civil::date};

use crate::{
    dates::{day_between, days_before, end_of_year},
    margins::{ISEE_MONTH, ISEE_SUPERSEDED, NO_ISEE_OTHERS, NO_ISEE_WITH_CHILDREN, RENTS, WEALTH, by_amount},
    model::{Household, IseeAttestation, IseeKind},
    world::Draft,
};

/// Parameters of the scale in hundredths, for 1 to 5 members, and what each further one adds.
const SCALE: [i64; 5] = [100, 157, 204, 246, 285];
const FURTHER_MEMBER: i64 = 35;
/// Supplements in hundredths for 2, 3, 4 and 5 or more children: before 2026, and since (art. 1 c. 208 L. 199/2025).
const CHILDREN_BEFORE_2026: [i64; 4] = [0, 20, 35, 50];
const CHILDREN_SINCE_2026: [i64; 4] = [10, 25, 40, 55];

/// Adds the attestations of last year and of this one, if the household asked for them.
pub(crate) fn add_isee(draft: &mut Draft) {
    let (low, high) = draft.rng.pick(WEALTH);
    let wealth = draft.rng.between(low, high);
    let rent = if draft.rng.happens(RENTS) { draft.rng.between(2_400, 7_000) } else { 0 };
    let asks_when_drawn = u32::try_from(draft.rng.below(1000)).unwrap_or(0);
    for year in [draft.today.year() - 1, draft.today.year()] {
        let value = value(&draft.household, year, wealth, rent);
        let with_children = youngest_age(&draft.household, year) < 21;
        let refusals = if with_children { NO_ISEE_WITH_CHILDREN } else { NO_ISEE_OTHERS };
        let month = draft.rng.pick(ISEE_MONTH);
        let day = draft.rng.between(1, 28);
        if asks_when_drawn >= by_amount(refusals, value.0 / 100) {
            register(draft, (year, month, day), value);
        }
    }
    supersede(draft);
}

fn youngest_age(household: &Household, year: i16) -> i16 {
    household.children().map(|child| age_on(child.born, end_of_year(year))).min().unwrap_or(i16::MAX)
}

/// The indicator of `year` in cents.
fn value(household: &Household, year: i16, wealth: i64, rent: i64) -> Cents {
    let incomes = household.incomes.iter().filter(|income| income.year == year - 2);
    let net: i64 = incomes.map(|income| income.amount.0 - (income.amount.0 / 5).min(300_000)).sum();
    let situation = (net - rent * 100).max(0) + wealth * 100 / 5;
    Cents(situation * 100 / scale(household, year))
}

fn scale(household: &Household, year: i16) -> i64 {
    let members = i64::try_from(household.members.len()).unwrap_or(1).max(1);
    let listed = SCALE[usize::try_from(members.min(5) - 1).unwrap_or(0)];
    let supplements = if year >= 2026 { CHILDREN_SINCE_2026 } else { CHILDREN_BEFORE_2026 };
    let supplement = match household.children().count() {
        0 | 1 => 0,
        children => supplements[children.min(5) - 2],
    };
    listed + (members - 5).max(0) * FURTHER_MEMBER + supplement
}

fn register(draft: &mut Draft, (year, month, day): (i16, i64, i64), value: Cents) {
    let month = i8::try_from(month).unwrap_or(1);
    let registered_on = date(year, month, i8::try_from(day).unwrap_or(1));
    if registered_on > draft.today {
        return;
    }
    let minors = draft.household.children().any(|child| age_on(child.born, registered_on) < 18);
    draft.household.isee.push(IseeAttestation {
        protocol: format!("ISEE-{year}-{:010}-1", draft.number),
        kind: if minors { IseeKind::Minors } else { IseeKind::Ordinary },
        value,
        registered_on,
        valid_to: end_of_year(year),
        supersedes: None,
    });
}

/// Sometimes a loss of income gives a lower indicator later in the year.
fn supersede(draft: &mut Draft) {
    let Some(first) = draft.household.isee.last().filter(|last| last.valid_to >= draft.today).cloned() else {
        return;
    };
    let earliest = days_before(first.registered_on, -30);
    if earliest > draft.today || !draft.rng.happens(ISEE_SUPERSEDED) {
        return;
    }
    let registered_on = day_between(&mut draft.rng, earliest, draft.today);
    draft.household.isee.push(IseeAttestation {
        protocol: format!("ISEE-{}-{:010}-2", draft.today.year(), draft.number),
        kind: IseeKind::Current,
        value: Cents(first.value.0 * draft.rng.between(35, 70) / 100),
        registered_on,
        valid_to: registered_on.saturating_add(Span::new().months(6)),
        supersedes: Some(first.protocol),
    });
}
