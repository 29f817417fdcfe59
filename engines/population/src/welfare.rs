//! School, disability, bereavement, accounts, and what a registry does not know.

use base::{Iban, PersonName, Sex, age_on};

use crate::{
    dates::{day_between, days_before, days_between, school_year},
    family::Sketch,
    isee::add_isee,
    margins::{BIRTH_NOT_REGISTERED, DEGREES, DISABLED, ENROLLED, NO_ACCOUNT, by_age},
    model::{Account, Bereavement, Disability, DisabilityDegree, Gap, MissingDatum, Person, Study, StudyLevel},
    tables::names::given_names,
    world::Draft,
};

/// Bank codes (ABI) and a branch (CAB) that belong to no bank known to us.
const BANKS: [u32; 3] = [99_901, 99_902, 99_903];
const BRANCH: u32 = 99_001;
/// Prime to 10, so that multiplying by it reorders the account numbers without two meeting.
const SCATTER: u64 = 387_420_489;
const ACCOUNTS: u64 = 1_000_000_000_000;
/// A birth is declared within ten days; the register may take some more.
const YOUNGEST_REGISTERED: i64 = 30;

/// All but the studies, which jobs depend on.
pub(crate) fn add_all(draft: &mut Draft, sketch: &Sketch) {
    for index in 0..draft.household.members.len() {
        let person = draft.household.members[index].person.clone();
        add_disability(draft, &person);
        add_account(draft, &person, draft.first_person + index as u64);
        add_late_birth(draft, &person);
    }
    if sketch.widowed {
        add_bereavement(draft);
    }
    add_isee(draft);
}

/// Enrols those who study this year.
pub(crate) fn add_studies(draft: &mut Draft) {
    let (from, to) = school_year(draft.today);
    for index in 0..draft.household.members.len() {
        let person = &draft.household.members[index].person;
        let age = age_on(person.born, draft.today);
        if draft.rng.happens(by_age(ENROLLED, age)) {
            let level = level(age);
            let institution = institution(level, &person.residence.municipality.name);
            draft.household.studies.push(Study { person: person.fiscal_code.clone(), level, institution, from, to });
        }
    }
}

fn level(age: i16) -> StudyLevel {
    match age {
        ..6 => StudyLevel::Nursery,
        6..14 => StudyLevel::FirstCycle,
        14..19 => StudyLevel::SecondCycle,
        _ => StudyLevel::Tertiary,
    }
}

fn institution(level: StudyLevel, town: &str) -> String {
    match level {
        StudyLevel::Nursery => format!("Scuola dell'infanzia dei Numeri Piccoli di {town}"),
        StudyLevel::FirstCycle => format!("Istituto comprensivo dei Campioni di {town}"),
        StudyLevel::SecondCycle => format!("Istituto superiore delle Ipotesi di {town}"),
        StudyLevel::Tertiary => format!("Università delle Ipotesi di {town}"),
    }
}

fn add_disability(draft: &mut Draft, person: &Person) {
    let age = age_on(person.born, draft.today);
    if draft.rng.below(10_000) >= by_age(DISABLED, age) {
        return;
    }
    let degree = draft.rng.pick(DEGREES);
    let since = day_between(&mut draft.rng, person.born.max(days_before(draft.today, 15 * 365)), draft.today);
    let percent = percent(draft, degree, age);
    draft.household.disabilities.push(Disability { person: person.fiscal_code.clone(), degree, percent, since });
}

/// The percentages that annex 3 of DPCM 159/2013 reads as each degree; minors have none.
fn percent(draft: &mut Draft, degree: DisabilityDegree, age: i16) -> u8 {
    match degree {
        _ if age < 18 => 0,
        DisabilityDegree::Medium => u8::try_from(draft.rng.between(67, 99)).unwrap_or(67),
        DisabilityDegree::Severe | DisabilityDegree::NotSelfSufficient => 100,
    }
}

/// The account of person number `number`: a bijection of the number, hence unique without a memory.
fn add_account(draft: &mut Draft, person: &Person, number: u64) {
    if age_on(person.born, draft.today) < 18 {
        return;
    }
    let holder = person.fiscal_code.clone();
    if draft.rng.happens(NO_ACCOUNT) {
        draft.household.gaps.push(Gap { person: holder, missing: MissingDatum::PaymentAccount });
    } else {
        let iban = Iban::italian(draft.rng.one_of(&BANKS), BRANCH, number * SCATTER % ACCOUNTS);
        draft.household.accounts.push(Account { holder, iban });
    }
}

fn add_late_birth(draft: &mut Draft, person: &Person) {
    let newborn = days_between(person.born, draft.today) < YOUNGEST_REGISTERED;
    if newborn && draft.rng.happens(BIRTH_NOT_REGISTERED) {
        let person = person.fiscal_code.clone();
        draft.household.gaps.push(Gap { person, missing: MissingDatum::RegistryEntry });
    }
}

/// The lone parent's spouse died after the youngest child was born, at most twelve years ago.
fn add_bereavement(draft: &mut Draft) {
    let youngest = draft.household.children().map(|child| child.born).max();
    let survivor = draft.household.members[0].person.clone();
    let spouse_sex = if survivor.sex == Sex::F { Sex::M } else { Sex::F };
    let given = draft.rng.pick(given_names(spouse_sex, age_on(survivor.born, draft.today)));
    let surname = draft.household.children().next().map_or("", |child| child.name.surname.as_str()).to_owned();
    let earliest = youngest.unwrap_or(draft.today).max(days_before(draft.today, 12 * 365));
    let died_on = day_between(&mut draft.rng, earliest, draft.today);
    draft.household.bereavements.push(Bereavement {
        survivor: survivor.fiscal_code,
        deceased: PersonName { surname, given: given.to_owned() },
        died_on,
        was_working: draft.rng.happens(700),
    });
}
