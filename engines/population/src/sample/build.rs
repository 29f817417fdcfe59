//! From what is declared to what the registries hold on a day.

use std::collections::BTreeSet;

use base::{Date, FiscalCode, Language, PersonName, Translated, VatNumber};

use super::{
    DecreeKind, SampleDecree, SampleFamily, SamplePerson, SampleWorld,
    declared::{Decreto, Famiglia, File, Genitore, Persona, Relazione, TipoDecreto},
    error::Problem,
    records,
};
use crate::{
    model::{Citizenship, Household, Member, ParentalRole, Permit, PermitKind, Person, Place, Relation, Residence},
    tables::{communities::COMMUNITIES, places::MUNICIPALITIES},
};

/// What is wrong, without the place: the caller knows whose declaration it is.
pub(super) type Wrong = (String, &'static str);

pub(super) fn families(file: &File, today: Date) -> Result<Vec<SampleFamily>, Problem> {
    let mut taken = BTreeSet::new();
    for employer in &file.datore {
        if !taken.insert(employer.partita_iva.as_str().to_owned()) {
            let message = format!("two employers have the VAT number {}", employer.partita_iva);
            return Err(Problem { at: 0..0, message, mend: "give each its own" });
        }
    }
    file.famiglia.iter().map(|declared| family(file, declared, today, &mut taken)).collect()
}

/// Decrees name people by their handles.
pub(super) fn decrees(file: &File, world: &SampleWorld, today: Date) -> Result<Vec<SampleDecree>, Problem> {
    let decree = |declared: &Decreto| {
        let code = |handle: &str| {
            let message = format!("nobody is called {handle}");
            let problem = || Problem { at: declared.id.span(), message, mend: "write a person's id in `di` and `a`" };
            world.fiscal_code(handle).cloned().ok_or_else(problem)
        };
        let from = declared.da.from(today);
        Ok(SampleDecree {
            id: declared.id.get_ref().clone(),
            kind: match declared.tipo {
                TipoDecreto::Tutela => DecreeKind::Guardian,
                TipoDecreto::AmministrazioneDiSostegno => DecreeKind::Administrator,
            },
            represented: code(&declared.di)?,
            representative: code(&declared.a)?,
            number: declared.numero.clone(),
            court: declared.tribunale.clone(),
            from,
            until: declared.dura.map(|span| span.after(from)),
        })
    };
    file.decreto.iter().map(decree).collect()
}

fn family(
    file: &File,
    declared: &Famiglia,
    today: Date,
    taken: &mut BTreeSet<String>,
) -> Result<SampleFamily, Problem> {
    let id = declared.id.get_ref();
    let in_family = |(message, mend): Wrong| Problem { at: declared.id.span(), message, mend };
    let mut household = Household::empty(format!("F-{id}"));
    let mut people = Vec::new();
    for persona in &declared.persona {
        let in_person = |(message, mend): Wrong| Problem { at: persona.id.span(), message, mend };
        let person = person(declared, persona, today).map_err(in_person)?;
        claim(taken, persona, &person.fiscal_code).map_err(in_person)?;
        people.push(SamplePerson { handle: persona.id.get_ref().clone(), fiscal_code: person.fiscal_code.clone() });
        household.members.push(Member { relation: relation(persona.relazione), person });
        records::add_person(&mut household, file, persona, today).map_err(in_person)?;
    }
    records::add_isee(&mut household, declared, today);
    let logs_in = people.iter().find(|person| person.handle == declared.accede).ok_or_else(|| {
        in_family((format!("nobody in this family is called {}", declared.accede), "write a person's id in `accede`"))
    })?;
    for text in [&declared.titolo, &declared.storia, &declared.prova] {
        in_three_languages(text).map_err(in_family)?;
    }
    Ok(SampleFamily {
        id: id.clone(),
        title: declared.titolo.clone(),
        story: declared.storia.clone(),
        to_try: declared.prova.clone(),
        logs_in: logs_in.fiscal_code.clone(),
        iban_to_type: declared.iban_da_digitare.clone(),
        people,
        household,
    })
}

/// Handles, fiscal codes and accounts belong to one person each.
fn claim(taken: &mut BTreeSet<String>, persona: &Persona, code: &FiscalCode) -> Result<(), Wrong> {
    let iban = persona.iban.as_ref().map(|iban| iban.as_str().to_owned());
    let claims = [Some(persona.id.get_ref().clone()), Some(code.to_string()), iban];
    for claim in claims.into_iter().flatten() {
        if taken.contains(&claim) {
            return Err((format!("{claim} is already somebody else's"), "change the id, the data or the IBAN"));
        }
        taken.insert(claim);
    }
    Ok(())
}

fn in_three_languages(text: &Translated) -> Result<(), Wrong> {
    match Language::ALL.into_iter().find(|language| !text.has(*language)) {
        None => Ok(()),
        Some(language) => {
            Err((format!("a text is missing in {}", language.own_name()), "write { it = …, en = …, de = … }"))
        }
    }
}

fn person(family: &Famiglia, persona: &Persona, today: Date) -> Result<Person, Wrong> {
    let born = persona.nascita.date(today).filter(|born| *born <= today).ok_or_else(|| {
        ("the birth has no date".to_owned(), "write { eta = 10, giorno = \"03-15\" } or { mesi = 4 }; not 29 February")
    })?;
    let name = PersonName { surname: persona.cognome.clone(), given: persona.nome.clone() };
    let birthplace = place(persona.nato_a.as_deref().unwrap_or(&family.comune))?;
    let plain = FiscalCode::encode(&name, born, persona.sesso, &birthplace.code)
        .map_err(|error| (error.to_string(), "check name and place of birth"))?;
    let arrived = persona.in_italia_da.map_or(born, |ago| ago.from(today)).max(born);
    Ok(Person {
        fiscal_code: with_omocode(plain, persona.omocodia)?,
        name,
        born,
        sex: persona.sesso,
        birthplace,
        citizenship: citizenship(&persona.cittadinanza)?,
        residence: residence(family, arrived, today)?,
        resident_in_italy_since: arrived,
        taxed_in_italy: true,
        parent: persona.genitore.map(|role| match role {
            Genitore::Madre => ParentalRole::Mother,
            Genitore::Padre => ParentalRole::Father,
        }),
    })
}

fn with_omocode(plain: FiscalCode, number: Option<u8>) -> Result<FiscalCode, Wrong> {
    match number {
        None => Ok(plain),
        Some(number @ 1..=127) => Ok(plain.omocode(number)),
        Some(number) => Err((format!("there is no omocode {number}"), "write a number from 1 to 127")),
    }
}

fn place(code: &str) -> Result<Place, Wrong> {
    let town = MUNICIPALITIES.iter().find(|(_, town)| town.code == code).map(|(_, town)| town.name);
    let country = || COMMUNITIES.iter().find(|(_, country)| country.code == code).map(|(_, country)| country.name);
    let name = town.or_else(country).ok_or_else(|| unknown_place(code))?;
    Ok(Place { code: code.to_owned(), name: name.to_owned() })
}

fn unknown_place(code: &str) -> Wrong {
    (format!("{code} is not in the sample of places"), "use a Belfiore code of the tables, or add the place to them")
}

fn residence(family: &Famiglia, not_before: Date, today: Date) -> Result<Residence, Wrong> {
    let town = MUNICIPALITIES.iter().map(|(_, town)| town).find(|town| town.code == family.comune);
    let town = town.ok_or_else(|| unknown_place(&family.comune))?;
    Ok(Residence {
        municipality: Place { code: town.code.to_owned(), name: town.name.to_owned() },
        province: town.province.to_owned(),
        region: town.region.to_owned(),
        address: family.indirizzo.clone(),
        cap: town.cap.to_owned(),
        since: family.residenti_da.from(today).max(not_before),
    })
}

/// Sample citizens of other countries hold the long-term permit: the law's easy case.
fn citizenship(country: &str) -> Result<Citizenship, Wrong> {
    let known = COMMUNITIES.iter().map(|(_, community)| community).find(|community| community.country == country);
    let european_union = match (country, known) {
        ("IT", _) => true,
        (_, Some(community)) => community.european_union,
        _ => return Err((format!("{country} is not in the sample of countries"), "use a country of the tables")),
    };
    let permit = (!european_union).then_some(Permit { kind: PermitKind::LongTerm, valid_to: None });
    Ok(Citizenship { country: country.to_owned(), european_union, permit })
}

fn relation(declared: Relazione) -> Relation {
    match declared {
        Relazione::Intestatario => Relation::Holder,
        Relazione::Coniuge => Relation::Spouse,
        Relazione::Convivente => Relation::Partner,
        Relazione::Figlio => Relation::Child,
        Relazione::Altro => Relation::Other,
    }
}

/// The employer declared under this id.
pub(super) fn employer_number(file: &File, id: &str) -> Result<VatNumber, Wrong> {
    let employer = file.datore.iter().find(|employer| employer.id == id);
    employer
        .map(|employer| employer.partita_iva.clone())
        .ok_or_else(|| (format!("no [[datore]] has the id {id}"), "declare the employer at the head of the file"))
}
