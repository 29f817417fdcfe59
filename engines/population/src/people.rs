//! Gives the figures of a household their names, places, dates and codes.

use base::{FiscalCode, PersonName, Sex};

use crate::{
    births::{BirthPlace, Births},
    dates::{day_between, days_before},
    family::{Figure, Sketch},
    margins::{BORN_WHERE_THEY_LIVE, FOREIGN_CHILD_BORN_IN_ITALY, NOT_TAXED_IN_ITALY, PERMITS},
    model::{Citizenship, Member, Permit, PermitKind, Person, Place, Relation, Residence},
    rng::Rng,
    tables::{
        communities::{COMMUNITIES, Community},
        names::{SURNAMES, given_names},
        places::{MUNICIPALITIES, STREETS},
    },
    world::Draft,
};

/// What the members of a household have in common.
struct Home {
    town: usize,
    /// Index of the community of a foreign household.
    community: Option<usize>,
    residence: Residence,
    /// The children's surname: the father's.
    surname: &'static str,
}

/// Fills the members of the draft.
pub(crate) fn settle(draft: &mut Draft, births: &mut Births, sketch: &Sketch) {
    let home = home(draft, sketch);
    let mut surname_bearer_seen = false;
    for figure in &sketch.figures {
        let bears = figure.relation == Relation::Child || (!surname_bearer_seen && bears_surname(sketch, figure));
        surname_bearer_seen |= bears && figure.relation != Relation::Child;
        let surname = if bears { home.surname } else { surname(&mut draft.rng, home.community) };
        let person = person(draft, births, &home, *figure, surname);
        draft.household.members.push(Member { relation: figure.relation, person });
    }
}

/// The man of a couple, or whoever has no partner.
fn bears_surname(sketch: &Sketch, figure: &Figure) -> bool {
    let partners = sketch.figures.iter().filter(|other| is_partner(other)).count();
    is_partner(figure) && (partners == 1 || figure.sex == Sex::M)
}

fn is_partner(figure: &Figure) -> bool {
    matches!(figure.relation, Relation::Holder | Relation::Spouse | Relation::Partner)
}

fn home(draft: &mut Draft, sketch: &Sketch) -> Home {
    let rng = &mut draft.rng;
    let community = sketch.foreign.then(|| pick_index(rng, COMMUNITIES));
    let town = pick_index(rng, MUNICIPALITIES);
    let adult_for = sketch.figures.iter().filter(|figure| is_partner(figure)).map(|figure| figure.age - 18).min();
    let longest = i64::from(adult_for.unwrap_or(0).clamp(0, 30)) * 365 + 30;
    let municipality = MUNICIPALITIES[town].1;
    let residence = Residence {
        municipality: Place { code: municipality.code.to_owned(), name: municipality.name.to_owned() },
        province: municipality.province.to_owned(),
        region: municipality.region.to_owned(),
        address: format!("{} {}", rng.one_of(STREETS), rng.between(1, 180)),
        cap: municipality.cap.to_owned(),
        since: days_before(draft.today, rng.between(1, longest)),
    };
    Home { town, community, residence, surname: surname(rng, community) }
}

fn pick_index<T>(rng: &mut Rng, table: &[(u32, T)]) -> usize {
    let weights: Vec<(u32, usize)> = table.iter().enumerate().map(|(index, (weight, _))| (*weight, index)).collect();
    rng.pick(&weights)
}

fn surname(rng: &mut Rng, community: Option<usize>) -> &'static str {
    match community {
        None => rng.pick(SURNAMES),
        Some(index) => rng.one_of(COMMUNITIES[index].1.surnames),
    }
}

fn person(draft: &mut Draft, births: &mut Births, home: &Home, figure: Figure, surname: &'static str) -> Person {
    let place = birth_place(&mut draft.rng, home, figure.age);
    let birth = births.take(figure.age, place, surname);
    let name = PersonName { surname: surname.to_owned(), given: given_name(draft, home.community, figure) };
    let birthplace = place_of(place);
    let plain = FiscalCode::encode(&name, birth.born, figure.sex, &birthplace.code)
        .expect("the Belfiore codes of the tables are a letter and three digits");
    let since = home.residence.since.max(birth.born);
    let arrived = match place {
        BirthPlace::Italy(_) => birth.born,
        BirthPlace::Abroad(_) => day_between(&mut draft.rng, birth.born.max(days_before(since, 6_000)), since),
    };
    Person {
        fiscal_code: if birth.omocode == 0 { plain } else { plain.omocode(birth.omocode) },
        name,
        born: birth.born,
        sex: figure.sex,
        birthplace,
        citizenship: citizenship(draft, home.community, figure.age),
        residence: Residence { since, ..home.residence.clone() },
        resident_in_italy_since: arrived,
        taxed_in_italy: figure.age < 18 || !draft.rng.happens(NOT_TAXED_IN_ITALY),
        parent: figure.parent,
    }
}

fn birth_place(rng: &mut Rng, home: &Home, age: i16) -> BirthPlace {
    match home.community {
        Some(community) if age >= 18 || !rng.happens(FOREIGN_CHILD_BORN_IN_ITALY) => BirthPlace::Abroad(community),
        Some(_) => BirthPlace::Italy(home.town),
        None if rng.happens(BORN_WHERE_THEY_LIVE) => BirthPlace::Italy(home.town),
        None => BirthPlace::Italy(pick_index(rng, MUNICIPALITIES)),
    }
}

fn place_of(place: BirthPlace) -> Place {
    let (code, name) = match place {
        BirthPlace::Italy(index) => (MUNICIPALITIES[index].1.code, MUNICIPALITIES[index].1.name),
        BirthPlace::Abroad(index) => (COMMUNITIES[index].1.code, COMMUNITIES[index].1.name),
    };
    Place { code: code.to_owned(), name: name.to_owned() }
}

/// A given name that nobody else in the household has, unless the table is exhausted by bad luck eight times.
fn given_name(draft: &mut Draft, community: Option<usize>, figure: Figure) -> String {
    let mut drawn = draw_given_name(&mut draft.rng, community, figure);
    for _ in 0..8 {
        if draft.household.members.iter().all(|member| member.person.name.given != drawn) {
            break;
        }
        drawn = draw_given_name(&mut draft.rng, community, figure);
    }
    drawn.to_owned()
}

fn draw_given_name(rng: &mut Rng, community: Option<usize>, figure: Figure) -> &'static str {
    match (community, figure.sex) {
        (None, sex) => rng.pick(given_names(sex, figure.age)),
        (Some(index), Sex::F) => rng.one_of(COMMUNITIES[index].1.female),
        (Some(index), Sex::M) => rng.one_of(COMMUNITIES[index].1.male),
    }
}

fn citizenship(draft: &mut Draft, community: Option<usize>, age: i16) -> Citizenship {
    let Some(index) = community else {
        return Citizenship { country: "IT".to_owned(), european_union: true, permit: None };
    };
    let Community { country, european_union, .. } = COMMUNITIES[index].1;
    let permit = (!european_union).then(|| permit(draft, age));
    Citizenship { country: country.to_owned(), european_union, permit }
}

fn permit(draft: &mut Draft, age: i16) -> Permit {
    let kind = if age < 18 { PermitKind::Family } else { draft.rng.pick(PERMITS) };
    let days_left = draft.rng.between(1, 720);
    Permit { kind, valid_to: (kind != PermitKind::LongTerm).then(|| days_before(draft.today, -days_left)) }
}
