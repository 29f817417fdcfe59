//! Single values: of the person who asks, and of the household as this person's forms need it.

use jiff::Span;
use population::{JobKind, ParentalRole, Permit, PermitKind};
use rules::Value;

use super::{
    disability,
    family::Family,
    teller::{Teller, Told, euro},
};
use crate::people::full_name;

/// Years for which the increase for two working parents stays with the one who survives (art. 4 c. 8 d.lgs. 230/2021).
const YEARS_OF_BEREAVEMENT: i64 = 5;
/// Years of residence, or months of a contract of work, that open the assegno unico (art. 3 c. 1 d d.lgs. 230/2021).
const YEARS_OF_RESIDENCE: i64 = 2;
const MONTHS_OF_WORK: i64 = 6;
/// Years of residence for the assegno di inclusione, the last two without a break (art. 2 c. 2 a DL 48/2023).
const YEARS_FOR_INCLUSION: i64 = 5;

pub(crate) fn values(family: &Family, teller: &Teller) -> Told {
    let mut told = Told::new();
    identity(family, teller, &mut told);
    requirements(family, teller, &mut told);
    belonging(family, teller, &mut told);
    work(family, teller, &mut told);
    income(family, teller, &mut told);
    if !family.parents().is_empty() {
        parents(family, teller, &mut told);
    }
    told
}

fn identity(family: &Family, teller: &Teller, told: &mut Told) {
    let (person, on) = (&family.me.person, family.me.recorded_on);
    let residence = &person.residence;
    let town = &residence.municipality.name;
    let address = format!("{}, {} {town} ({})", residence.address, residence.cap, residence.province);
    teller.tell(told, "anpr.nome", full_name(person).as_str(), on, None);
    teller.tell(told, "anpr.codice_fiscale", person.fiscal_code.as_str(), on, None);
    teller.tell(told, "anpr.data_nascita", person.born, on, None);
    teller.tell(told, "anpr.luogo_nascita", person.birthplace.name.as_str(), on, None);
    teller.tell(told, "anpr.cittadinanza", person.citizenship.country.as_str(), on, None);
    teller.tell(told, "anpr.residenza", address.as_str(), on, Some(residence.since));
}

/// What is only *not shown* by a registry (an older stay in Italy, a permit being renewed) is left to be asked.
fn requirements(family: &Family, teller: &Teller, told: &mut Told) {
    let (person, on) = (&family.me.person, family.me.recorded_on);
    if let Some(permit) = person.citizenship.permit {
        teller.tell(told, "anpr.permesso_soggiorno", permit_code(permit.kind), on, None);
        if let Some(last_day) = permit.valid_to {
            teller.tell(told, "anpr.permesso_valido_fino_al", last_day, on, None);
        }
    }
    match person.citizenship.permit {
        Some(permit) if !valid(permit, family) => {}
        Some(permit) => {
            teller.tell(told, "anpr.cittadinanza_o_soggiorno", permit.kind != PermitKind::Study, on, None);
        }
        None if person.citizenship.european_union => {
            teller.tell(told, "anpr.cittadinanza_o_soggiorno", true, on, None);
        }
        None => {}
    }
    if lives_here(family) {
        let since = person.resident_in_italy_since;
        teller.tell(told, "anpr.residente_in_italia", true, on, Some(since));
    }
    teller.tell(told, "entrate.imposta_in_italia", person.taxed_in_italy, on, None);
}

/// What the assegno di inclusione asks. A stay shorter than five years may have had an earlier part: that is asked.
fn belonging(family: &Family, teller: &Teller, told: &mut Told) {
    let (person, on) = (&family.me.person, family.me.recorded_on);
    teller.tell(told, "anpr.cittadino_unione", person.citizenship.european_union, on, None);
    let since = person.resident_in_italy_since;
    if since.saturating_add(Span::new().years(YEARS_FOR_INCLUSION)) <= family.moment.on {
        teller.tell(told, "anpr.residente_da_cinque_anni", true, on, Some(since));
    }
}

/// The kind of work of the day. Who has no job here may be registered with the *gestione separata*: that is asked.
fn work(family: &Family, teller: &Teller, told: &mut Told) {
    if let Some(job) = family.job_of(&family.me.person.fiscal_code) {
        let kind = if job.what.kind == JobKind::SelfEmployed { "autonomo" } else { "dipendente" };
        teller.tell(told, "inps-lavoro.categoria", kind, job.on, Some(job.what.from));
    }
}

fn valid(permit: Permit, family: &Family) -> bool {
    permit.valid_to.is_none_or(|last_day| family.moment.on <= last_day)
}

/// Resident for two years, or with a contract of six months or without end.
fn lives_here(family: &Family) -> bool {
    let person = &family.me.person;
    let long_enough = person.resident_in_italy_since.saturating_add(Span::new().years(YEARS_OF_RESIDENCE));
    let contract = family.job_of(&person.fiscal_code).is_some_and(|job| {
        let employed = job.what.kind != JobKind::SelfEmployed;
        let months = job.what.from.saturating_add(Span::new().months(MONTHS_OF_WORK));
        employed && job.what.to.is_none_or(|last_day| months <= last_day)
    });
    long_enough <= family.moment.on || contract
}

fn income(family: &Family, teller: &Teller, told: &mut Told) {
    let code = &family.me.person.fiscal_code;
    match family.isee() {
        Some(isee) => {
            let issued = Some(isee.what.registered_on);
            teller.tell(told, "inps-isee.isee_minorenni", euro(isee.what.value), isee.on, issued);
            teller.tell(told, "inps-isee.presentato_il", isee.what.registered_on, isee.on, issued);
        }
        None => {
            teller.answer(told, "inps-isee.isee_minorenni", Value::Null);
            teller.answer(told, "inps-isee.presentato_il", Value::Null);
        }
    }
    if let Some(account) = family.accounts().filter(|account| account.what.holder == *code).last() {
        teller.tell(told, "inps-pagamenti.iban", account.what.iban.as_str(), account.on, None);
    }
    if let Some(income) = family.income_of(code) {
        teller.tell(told, "entrate.reddito", euro(income.what.amount), income.on, None);
    }
    if let Some(disability) = family.disability_of(code) {
        let degree = super::children::degree_code(disability.what.degree);
        teller.tell(told, "inps-invalidita.grado", degree, disability.on, Some(disability.what.since));
        disability::certificate(&disability, family.age_of(family.me) < disability::OF_AGE, teller, told);
    }
}

fn parents(family: &Family, teller: &Teller, told: &mut Told) {
    let parents = family.parents();
    // Of a household with one parent the register does not say whether there is another elsewhere.
    if let (2, Some(role)) = (parents.len(), family.me.person.parent) {
        let role = if role == ParentalRole::Mother { "madre" } else { "padre" };
        teller.tell(told, "anpr.genitore", role, family.me.recorded_on, None);
    }
    let jobs: Vec<_> = parents.iter().filter_map(|parent| family.job_of(&parent.person.fiscal_code)).collect();
    if parents.len() == 2 && jobs.len() == 2 {
        let (on, since) = jobs.iter().map(|job| (job.on, job.what.from)).max().unwrap_or_default();
        teller.tell(told, "inps-lavoro.entrambi_lavorano", true, on, Some(since));
    } else {
        teller.answer(told, "inps-lavoro.entrambi_lavorano", false);
    }
    widowhood(family, teller, told);
    if family.children().next().is_some() {
        match family.mother() {
            Some(mother) => {
                teller.tell(told, "anpr.madre_nata_il", mother.person.born, mother.recorded_on, None);
            }
            None => teller.answer(told, "anpr.madre_nata_il", Value::Null),
        }
    }
}

/// The other parent died at most five years ago, and this one works.
fn widowhood(family: &Family, teller: &Teller, told: &mut Told) {
    let code = &family.me.person.fiscal_code;
    let works = family.job_of(code).is_some();
    let end = |died_on: base::Date| died_on.saturating_add(Span::new().years(YEARS_OF_BEREAVEMENT));
    let mut losses = family.bereavements().filter(|loss| loss.what.survivor == *code);
    let loss = losses.find(|loss| loss.what.died_on <= family.moment.on && family.moment.on <= end(loss.what.died_on));
    match loss {
        Some(loss) => {
            let died_on = loss.what.died_on;
            teller.tell(told, "anpr.genitore_vedovo_lavoratore", works, loss.on, Some(died_on));
        }
        None => teller.answer(told, "anpr.genitore_vedovo_lavoratore", false),
    }
}

fn permit_code(kind: PermitKind) -> &'static str {
    match kind {
        PermitKind::LongTerm => "lungo_periodo",
        PermitKind::Work => "lavoro",
        PermitKind::Family => "famiglia",
        PermitKind::Protection => "protezione",
        PermitKind::Study => "studio",
    }
}
