//! The children of a person, one by one, with what each registry knows of them.

use base::{Cents, FiscalCode};
use population::DisabilityDegree;

use super::{
    disability,
    family::Family,
    teller::{Teller, Told, euro},
};
use crate::{entry::Resident, people::full_name};

/// Up to this income of the year a child is a dependant for tax purposes (art. 12 c. 2 TUIR), and while the child is
/// not older than [`YOUNG_DEPENDANT`].
const DEPENDANT_INCOME: Cents = Cents(284_051);
const YOUNG_DEPENDANT_INCOME: Cents = Cents(400_000);
const YOUNG_DEPENDANT: i16 = 24;
/// Age from which registries of work and tax are asked.
const OF_AGE: i16 = disability::OF_AGE;

pub(crate) fn list(family: &Family, teller: &Teller) -> Vec<Told> {
    family.children().map(|child| of(child, family, teller)).collect()
}

fn of(child: &Resident, family: &Family, teller: &Teller) -> Told {
    let (person, on) = (&child.person, child.recorded_on);
    let code = &person.fiscal_code;
    let mut told = Told::new();
    teller.tell(&mut told, "anpr.nome", full_name(person).as_str(), on, None);
    teller.tell(&mut told, "anpr.codice_fiscale", code.as_str(), on, None);
    teller.tell(&mut told, "anpr.data_nascita", person.born, on, None);
    disability(child, family, teller, &mut told);
    if let Some(one) = family.disability_of(code) {
        disability::certificate(&one, family.age_of(child) < OF_AGE, teller, &mut told);
    }
    match family.study_of(code) {
        Some(study) => teller.tell(&mut told, "istruzione.studia", true, study.on, Some(study.what.from)),
        None => teller.answer(&mut told, "istruzione.studia", false),
    }
    dependence(child, family, teller, &mut told);
    if family.age_of(child) >= OF_AGE {
        work(code, family, teller, &mut told);
    }
    told
}

/// The degree of a child's disability. Other adults tell theirs themselves.
pub(crate) fn disability(child: &Resident, family: &Family, teller: &Teller, told: &mut Told) {
    match family.disability_of(&child.person.fiscal_code) {
        Some(one) => {
            let degree = degree_code(one.what.degree);
            teller.tell(told, "inps-invalidita.grado", degree, one.on, Some(one.what.since));
        }
        None => teller.answer(told, "inps-invalidita.grado", "nessuna"),
    }
}

fn dependence(child: &Resident, family: &Family, teller: &Teller, told: &mut Told) {
    let limit = if family.age_of(child) <= YOUNG_DEPENDANT { YOUNG_DEPENDANT_INCOME } else { DEPENDANT_INCOME };
    match family.income_of(&child.person.fiscal_code) {
        Some(income) => {
            teller.tell(told, "entrate.a_carico", income.what.amount <= limit, income.on, None);
            teller.tell(told, "entrate.reddito", euro(income.what.amount), income.on, None);
        }
        None => {
            teller.answer(told, "entrate.a_carico", true);
            teller.answer(told, "entrate.reddito", euro(Cents(0)));
        }
    }
}

/// Who asks for the benefit after a job has ended is thereby registered as looking for work (art. 21 d.lgs. 150/2015).
/// Others may be registered at an employment centre too, and nobody knows here who does civil service: that is asked.
fn work(code: &FiscalCode, family: &Family, teller: &Teller, told: &mut Told) {
    if let Some(job) = family.job_of(code) {
        teller.tell(told, "inps-lavoro.in_cerca_di_lavoro", false, job.on, Some(job.what.from));
        teller.tell(told, "inps-lavoro.servizio_civile", false, job.on, Some(job.what.from));
        return;
    }
    let ended = family.jobs().filter(|job| job.what.0.worker == *code).filter_map(|job| job.what.0.to).max();
    if let Some(last_day) = ended.filter(|last_day| *last_day < family.moment.on) {
        teller.tell(told, "inps-lavoro.in_cerca_di_lavoro", true, last_day, Some(last_day));
    }
}

/// The option of the forms for a degree of disability.
pub(crate) fn degree_code(degree: DisabilityDegree) -> &'static str {
    match degree {
        DisabilityDegree::Medium => "media",
        DisabilityDegree::Severe => "grave",
        DisabilityDegree::NotSelfSufficient => "non_autosufficiente",
    }
}
