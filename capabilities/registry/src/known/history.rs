//! Lists beside the children: the people of the household, and what registries hold entry by entry. A person sees them on
//! the page of their data; forms that need the whole household ask for the first.

use std::collections::BTreeMap;

use base::FiscalCode;
use population::{IseeKind, JobKind, Relation, StudyLevel};

use super::{
    family::Family,
    teller::{Teller, Told, euro},
};
use crate::people::full_name;

pub(crate) fn lists(family: &Family, teller: &Teller) -> BTreeMap<String, Vec<Told>> {
    let me = &family.me.person.fiscal_code;
    [
        ("anpr.nucleo", household(family, teller)),
        ("inps-isee.attestazioni", attestations(family, teller)),
        ("inps-lavoro.rapporti", jobs(me, family, teller)),
        ("istruzione.iscrizioni", studies(me, family, teller)),
        ("entrate.redditi", incomes(me, family, teller)),
    ]
    .into_iter()
    .map(|(key, list)| (key.to_owned(), list))
    .collect()
}

fn household(family: &Family, teller: &Teller) -> Vec<Told> {
    let others = family.residents.iter().filter(|resident| *resident != family.me);
    let tell = |resident: &crate::entry::Resident| {
        let mut told = Told::new();
        teller.tell(&mut told, "anpr.nome", full_name(&resident.person).as_str(), resident.recorded_on, None);
        teller.tell(&mut told, "anpr.relazione", relation_code(resident.relation), resident.recorded_on, None);
        teller.tell(&mut told, "anpr.data_nascita", resident.person.born, resident.recorded_on, None);
        if family.children().any(|child| child == resident) {
            super::children::disability(resident, family, teller, &mut told);
        }
        told
    };
    others.map(tell).collect()
}

fn attestations(family: &Family, teller: &Teller) -> Vec<Told> {
    let tell = |isee: super::family::Recorded<&population::IseeAttestation>| {
        let mut told = Told::new();
        let from = Some(isee.what.registered_on);
        teller.tell(&mut told, "inps-isee.valore", euro(isee.what.value), isee.on, from);
        teller.tell(&mut told, "inps-isee.tipo", isee_code(isee.what.kind), isee.on, from);
        teller.tell(&mut told, "inps-isee.protocollo", isee.what.protocol.as_str(), isee.on, from);
        teller.tell(&mut told, "inps-isee.valido_fino_al", isee.what.valid_to, isee.on, from);
        told
    };
    newest_first(family.attestations().map(tell))
}

fn jobs(me: &FiscalCode, family: &Family, teller: &Teller) -> Vec<Told> {
    let mine = family.jobs().filter(|job| job.what.0.worker == *me);
    newest_first(mine.map(|recorded| {
        let (job, employer) = recorded.what;
        let (mut told, from) = (Told::new(), Some(job.from));
        let name = employer.map_or(job.employer.as_str(), |employer| employer.name.as_str());
        teller.tell(&mut told, "inps-lavoro.datore", name, recorded.on, from);
        teller.tell(&mut told, "inps-lavoro.tipo", job_code(job.kind), recorded.on, from);
        teller.tell(&mut told, "inps-lavoro.dal", job.from, recorded.on, from);
        if let Some(last_day) = job.to {
            teller.tell(&mut told, "inps-lavoro.al", last_day, recorded.on, from);
        }
        told
    }))
}

fn studies(me: &FiscalCode, family: &Family, teller: &Teller) -> Vec<Told> {
    let mine = family.studies().filter(|study| study.what.person == *me);
    newest_first(mine.map(|study| {
        let (mut told, from) = (Told::new(), Some(study.what.from));
        teller.tell(&mut told, "istruzione.istituto", study.what.institution.as_str(), study.on, from);
        teller.tell(&mut told, "istruzione.livello", level_code(study.what.level), study.on, from);
        teller.tell(&mut told, "istruzione.fino_al", study.what.to, study.on, from);
        told
    }))
}

fn incomes(me: &FiscalCode, family: &Family, teller: &Teller) -> Vec<Told> {
    let mine = family.incomes().filter(|income| income.what.person == *me);
    newest_first(mine.map(|income| {
        let mut told = Told::new();
        teller.tell(&mut told, "entrate.anno", income.what.year.to_string().as_str(), income.on, None);
        teller.tell(&mut told, "entrate.reddito", euro(income.what.amount), income.on, None);
        told
    }))
}

fn newest_first(told: impl Iterator<Item = Told>) -> Vec<Told> {
    let mut list: Vec<Told> = told.collect();
    list.reverse();
    list
}

fn relation_code(relation: Relation) -> &'static str {
    match relation {
        Relation::Holder => "intestatario",
        Relation::Spouse => "coniuge",
        Relation::Partner => "convivente",
        Relation::Child => "figlio",
        Relation::Other => "altro",
    }
}

fn isee_code(kind: IseeKind) -> &'static str {
    match kind {
        IseeKind::Ordinary => "ordinario",
        IseeKind::Minors => "minorenni",
        IseeKind::Current => "corrente",
    }
}

fn job_code(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Permanent => "indeterminato",
        JobKind::FixedTerm => "determinato",
        JobKind::SelfEmployed => "autonomo",
    }
}

fn level_code(level: StudyLevel) -> &'static str {
    match level {
        StudyLevel::Nursery => "infanzia",
        StudyLevel::FirstCycle => "primo_ciclo",
        StudyLevel::SecondCycle => "secondo_ciclo",
        StudyLevel::Tertiary => "universita",
    }
}
