//! The people with a certified disability for whom somebody may apply: oneself, and one's children under age.

use population::{Disability, DisabilityDegree};
use rules::Value;

use super::{
    family::{Family, Recorded},
    teller::{Teller, Told, euro},
};
use crate::{entry::Resident, people::full_name};

/// From this age the capacity to work is measured in percent, and one applies for oneself.
pub(crate) const OF_AGE: i16 = 18;

pub(crate) fn list(family: &Family, teller: &Teller) -> Vec<Told> {
    let minors = family.children().filter(|child| family.age_of(child) < OF_AGE);
    let people = std::iter::once(family.me).chain(minors);
    people
        .filter_map(|person| Some(of(person, &family.disability_of(&person.person.fiscal_code)?, family, teller)))
        .collect()
}

fn of(resident: &Resident, disability: &Recorded<&Disability>, family: &Family, teller: &Teller) -> Told {
    let (person, on) = (&resident.person, resident.recorded_on);
    let mut told = Told::new();
    teller.tell(&mut told, "anpr.nome", full_name(person).as_str(), on, None);
    teller.tell(&mut told, "anpr.codice_fiscale", person.fiscal_code.as_str(), on, None);
    teller.tell(&mut told, "anpr.data_nascita", person.born, on, None);
    certificate(disability, family.age_of(resident) < OF_AGE, teller, &mut told);
    match family.income_of(&person.fiscal_code) {
        Some(income) => teller.tell(&mut told, "entrate.reddito", euro(income.what.amount), income.on, None),
        None => teller.answer(&mut told, "entrate.reddito", euro(base::Cents(0))),
    }
    match family.study_of(&person.fiscal_code) {
        Some(study) => teller.tell(&mut told, "istruzione.studia", true, study.on, Some(study.what.from)),
        None => teller.answer(&mut told, "istruzione.studia", false),
    }
    told
}

/// What annex 3 of DPCM 159/2013 reads in each degree: not self-sufficient is who needs continuous help; a minor of the
/// other degrees has persistent difficulties in the tasks of that age. A percentage that is not there is asked.
pub(crate) fn certificate(disability: &Recorded<&Disability>, minor: bool, teller: &Teller, told: &mut Told) {
    let since = Some(disability.what.since);
    let helpless = disability.what.degree == DisabilityDegree::NotSelfSufficient;
    let mut tell = |key: &str, value: Value| teller.tell(told, key, value, disability.on, since);
    tell("inps-invalidita.assistenza_continua", helpless.into());
    if minor {
        tell("inps-invalidita.difficolta_persistenti", (!helpless).into());
    } else if disability.what.percent > 0 {
        tell("inps-invalidita.percentuale", i64::from(disability.what.percent).into());
    }
}
