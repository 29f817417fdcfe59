//! The registries' lists of a sample family.

use base::{Cents, Date, FiscalCode, PersonName, age_on};
use jiff::Span;

use super::{
    build::{Wrong, employer_number},
    declared::{Famiglia, File, Fine, Grado, Isee, Lavoro, Livello, Persona, Relazione, TipoIsee, TipoLavoro},
    when::InYear,
};
use crate::{
    dates::{end_of_year, school_year},
    model::{
        Account, Bereavement, Disability, DisabilityDegree, Employer, Gap, Household, IseeAttestation, IseeKind, Job,
        JobEnd, JobKind, MissingDatum, Study, StudyLevel, YearIncome,
    },
    work::{TAX_YEARS, usual_end, work_income},
};

/// Adds what the registries hold about the member who was pushed last.
pub(super) fn add_person(household: &mut Household, file: &File, persona: &Persona, today: Date) -> Result<(), Wrong> {
    let Some(person) = household.members.last().map(|member| member.person.clone()) else { return Ok(()) };
    let code = person.fiscal_code;
    for declared in &persona.lavoro {
        let job = job(file, declared, &code, today)?;
        add_employer(household, file, &declared.datore);
        household.jobs.push(job);
    }
    add_incomes(household, &code, today);
    let expects_account = persona.relazione != Relazione::Figlio && age_on(person.born, today) >= 18;
    add_account(household, persona, &code, expects_account);
    if persona.non_in_anagrafe {
        household.gaps.push(Gap { person: code.clone(), missing: MissingDatum::RegistryEntry });
    }
    add_status(household, persona, &code, today)
}

fn job(file: &File, declared: &Lavoro, worker: &FiscalCode, today: Date) -> Result<Job, Wrong> {
    let kind = match declared.tipo {
        TipoLavoro::Indeterminato => JobKind::Permanent,
        TipoLavoro::Determinato => JobKind::FixedTerm,
        TipoLavoro::Autonomo => JobKind::SelfEmployed,
    };
    let to = declared.a.map(|ago| ago.from(today));
    Ok(Job {
        worker: worker.clone(),
        employer: employer_number(file, &declared.datore)?,
        kind,
        from: declared.da.from(today),
        to,
        yearly_pay: Cents(i64::from(declared.retribuzione) * 100),
        ended_because: to.and_then(|_| declared.fine.map(job_end).or_else(|| usual_end(kind))),
    })
}

fn job_end(declared: Fine) -> JobEnd {
    match declared {
        Fine::Licenziamento => JobEnd::Dismissal,
        Fine::Scadenza => JobEnd::EndOfTerm,
        Fine::Dimissioni => JobEnd::Resignation,
        Fine::GiustaCausa => JobEnd::ResignationForCause,
    }
}

fn add_employer(household: &mut Household, file: &File, id: &str) {
    let Some(declared) = file.datore.iter().find(|employer| employer.id == id) else { return };
    if household.employers.iter().all(|known| known.vat != declared.partita_iva) {
        household.employers.push(Employer {
            vat: declared.partita_iva.clone(),
            name: declared.nome.clone(),
            sector: declared.settore.clone(),
            size: declared.addetti,
        });
    }
}

fn add_incomes(household: &mut Household, person: &FiscalCode, today: Date) {
    for years_ago in TAX_YEARS {
        let year = today.year() - years_ago;
        let amount = work_income(household, person, year);
        if amount > Cents(0) {
            household.incomes.push(YearIncome { person: person.clone(), year, amount });
        }
    }
}

fn add_account(household: &mut Household, persona: &Persona, holder: &FiscalCode, expected: bool) {
    match &persona.iban {
        Some(iban) => household.accounts.push(Account { holder: holder.clone(), iban: iban.clone() }),
        None if expected => {
            household.gaps.push(Gap { person: holder.clone(), missing: MissingDatum::PaymentAccount });
        }
        None => {}
    }
}

fn add_status(household: &mut Household, persona: &Persona, code: &FiscalCode, today: Date) -> Result<(), Wrong> {
    if let Some(studies) = &persona.studi {
        let (from, to) = school_year(today);
        let (level, institution) = (study_level(studies.livello), studies.presso.clone());
        household.studies.push(Study { person: code.clone(), level, institution, from, to });
    }
    if let Some(disability) = &persona.disabilita {
        let degree = match disability.grado {
            Grado::Media => DisabilityDegree::Medium,
            Grado::Grave => DisabilityDegree::Severe,
            Grado::NonAutosufficiente => DisabilityDegree::NotSelfSufficient,
        };
        let since = disability.da.from(today);
        let percent = disability.percentuale;
        if percent > 100 {
            return Err((format!("there is no disability of {percent} per cent"), "write a percentage from 0 to 100"));
        }
        household.disabilities.push(Disability { person: code.clone(), degree, percent, since });
    }
    if let Some(loss) = &persona.vedovanza {
        household.bereavements.push(Bereavement {
            survivor: code.clone(),
            deceased: PersonName { surname: loss.cognome.clone(), given: loss.nome.clone() },
            died_on: loss.da.from(today),
            was_working: loss.lavorava,
        });
    }
    Ok(())
}

fn study_level(declared: Livello) -> StudyLevel {
    match declared {
        Livello::Infanzia => StudyLevel::Nursery,
        Livello::PrimoCiclo => StudyLevel::FirstCycle,
        Livello::SecondoCiclo => StudyLevel::SecondCycle,
        Livello::Universita => StudyLevel::Tertiary,
    }
}

/// Adds the attestations: one of the start of the year was there in the year before, too.
pub(super) fn add_isee(household: &mut Household, family: &Famiglia, today: Date) {
    let last_year = end_of_year(today.year() - 1);
    for declared in family.isee.iter().filter(|isee| isee.quando == InYear::InizioAnno) {
        push_isee(household, family, declared, InYear::InizioAnno.date(last_year));
    }
    for declared in &family.isee {
        push_isee(household, family, declared, declared.quando.date(today));
    }
}

fn push_isee(household: &mut Household, family: &Famiglia, declared: &Isee, registered_on: Date) {
    let mut same_year = household.isee.iter().filter(|isee| isee.registered_on.year() == registered_on.year());
    let number = same_year.clone().count() + 1;
    let supersedes = same_year.next_back().map(|isee| isee.protocol.clone());
    let end_of_year = end_of_year(registered_on.year());
    household.isee.push(IseeAttestation {
        protocol: format!("ISEE-{}-{}-{number}", registered_on.year(), family.id.get_ref()),
        kind: match declared.tipo {
            TipoIsee::Ordinario => IseeKind::Ordinary,
            TipoIsee::Minorenni => IseeKind::Minors,
            TipoIsee::Corrente => IseeKind::Current,
        },
        value: Cents(i64::from(declared.valore) * 100),
        registered_on,
        valid_to: match declared.tipo {
            TipoIsee::Corrente => registered_on.saturating_add(Span::new().months(6)),
            _ => end_of_year,
        },
        supersedes,
    });
}
