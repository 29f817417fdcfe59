//! The sample people tell the same stories on any day.

use std::collections::HashSet;

use base::{Cents, Language, age_on};
use jiff::civil::{Date, date};
use population::{DisabilityDegree, JobEnd, MissingDatum, ParentalRole, SampleFamily, SampleWorld};

use crate::world;

const TEXT: &str = include_str!("../../../../content/sample-world/persone.toml");
/// Of who works in an office that `content/intermediaries.toml` lists.
const ROSA: &str = "PRVRSO84C55H501J";
const DAYS: [Date; 6] =
    [date(2026, 11, 21), date(2028, 2, 29), date(2027, 1, 1), date(2026, 12, 31), date(2027, 3, 15), date(2031, 7, 1)];

fn family(sample: &SampleWorld, handle: &str) -> SampleFamily {
    sample.family_of(handle).unwrap_or_else(|| panic!("{handle} is not declared")).clone()
}

fn ages(family: &SampleFamily, today: Date) -> Vec<i16> {
    family.household.children().map(|child| age_on(child.born, today)).collect()
}

#[test]
fn stories_hold_on_every_day() {
    for today in DAYS {
        let sample = SampleWorld::parse(TEXT, today).unwrap();
        assert_eq!(sample.families.len(), 20);
        let isee = |handle| family(&sample, handle).household.isee_on(today).map(|isee| isee.value);
        let chiara = family(&sample, "chiara");
        assert_eq!(ages(&chiara, today), [10, 2, 0]);
        assert_eq!(isee("chiara"), Some(Cents(1_500_000)), "{today}");
        assert!(chiara.household.accounts.iter().any(|account| account.holder == chiara.logs_in));
        assert_eq!(isee("paolo"), None);
        assert_eq!(ages(&family(&sample, "elena"), today), [19, 15]);
        assert_eq!(ages(&family(&sample, "francesca"), today), [19, 12, 6, 1]);
        assert_eq!(isee("roberto"), Some(Cents(1_240_000)), "{today}");
        assert_eq!(isee("silvia"), Some(Cents(6_200_000)));
        assert_eq!(family(&sample, "luca").household.children().count(), 0);
    }
}

#[test]
fn special_cases_are_what_they_say() {
    for today in DAYS {
        let sample = SampleWorld::parse(TEXT, today).unwrap();
        let mother = family(&sample, "sofia").household.parent(ParentalRole::Mother).cloned().unwrap();
        assert!((18..21).contains(&age_on(mother.born, today)));
        let davide = family(&sample, "davide").household;
        assert_eq!(davide.members.len() - davide.registered_members().count(), 1);
        assert_eq!(davide.gaps[0].missing, MissingDatum::RegistryEntry);
        let noe = family(&sample, "noe");
        assert!(noe.household.accounts.is_empty() && noe.iban_to_type.is_some());
        assert!(noe.household.gaps.iter().any(|gap| gap.missing == MissingDatum::PaymentAccount));
        assert!(noe.logs_in.as_str().starts_with("DSM"));
        assert!(sample.fiscal_code("maria").unwrap().is_omocode());
        assert_eq!(family(&sample, "teresa").household.disabilities[0].degree, DisabilityDegree::Severe);
        let percent = |handle| family(&sample, handle).household.disabilities[0].percent;
        assert_eq!((percent("attilio"), percent("lidia"), percent("teresa")), (100, 80, 0));
        assert!(family(&sample, "giorgio").household.bereavements[0].was_working);
        let ioana = family(&sample, "ioana").household.members[0].person.clone();
        assert!(ioana.citizenship.european_union && ioana.citizenship.country == "RO");
    }
}

#[test]
fn jobs_and_employers_are_known() {
    let sample = SampleWorld::parse(TEXT, DAYS[0]).unwrap();
    let silvia = family(&sample, "silvia").household;
    assert_eq!(silvia.jobs.iter().filter(|job| job.runs_on(DAYS[0])).count(), 2);
    assert_eq!(silvia.employers.len(), 2);
    let roberto = family(&sample, "roberto");
    assert!(!roberto.household.jobs.iter().any(|job| job.worker == roberto.logs_in && job.runs_on(DAYS[0])));
    let nadia = family(&sample, "nadia").household;
    assert_eq!(nadia.jobs[0].ended_because, Some(JobEnd::EndOfTerm));
    // Whose end is not declared ended as such jobs usually do.
    assert_eq!(roberto.household.jobs[0].ended_because, Some(JobEnd::Dismissal));
    assert!(sample.families.iter().all(|family| family.to_try.has(Language::German)));
}

#[test]
fn nobody_in_the_population_shares_their_codes() {
    let sample = SampleWorld::parse(TEXT, DAYS[0]).unwrap();
    let generated: HashSet<String> = world(1, 20_000)
        .flat_map(|household| household.members)
        .map(|member| member.person.fiscal_code.as_str()[..3].to_owned())
        .collect();
    // Even the letters of their surnames are nobody else's.
    for person in sample.families.iter().flat_map(|family| &family.people) {
        assert!(!generated.contains(&person.fiscal_code.as_str()[..3]), "{} {}", person.handle, person.fiscal_code);
    }
}

#[test]
fn mistakes_are_told_with_their_line() {
    let wrong = |from: &str, to: &str| {
        assert!(TEXT.contains(from), "{from}");
        SampleWorld::parse(&TEXT.replacen(from, to, 1), DAYS[0]).err().unwrap_or_else(|| panic!("accepted: {to}"))
    };
    let expected_line = TEXT.lines().position(|line| line == "id = \"chiara\"").unwrap() + 1;
    let unknown_town = wrong("comune = \"H501\"", "comune = \"H999\"");
    assert!(unknown_town.line > expected_line && unknown_town.message.contains("H999"), "{unknown_town}");
    assert!(wrong("accede = \"chiara\"", "accede = \"nessuno\"").message.contains("nessuno"));
    assert_eq!(wrong("accede = \"chiara\"", "accede = \"nessuno\"").line, expected_line);
    assert!(wrong("eta = 34, giorno = \"03-15\"", "eta = 34, giorno = \"02-29\"").mend.contains("29 February"));
    assert!(wrong("datore = \"officine\"", "datore = \"altrove\"").message.contains("altrove"));
    assert!(wrong("sesso = \"F\"", "sessso = \"F\"").message.contains("sessso"));
    assert!(wrong("percentuale = 80", "percentuale = 101").message.contains("101"));
    assert!(wrong("omocodia = 1,", "omocodia = 128,").message.contains("128"));
    assert!(wrong("id = \"marco\"", "id = \"chiara\"").message.contains("chiara"));
    assert!(wrong("iban = \"IT", "iban = \"IT00").message.contains("27 characters"));
}

#[test]
fn companies_are_represented_by_people_of_the_world_on_every_day() {
    for today in DAYS {
        let sample = SampleWorld::parse(TEXT, today).unwrap();
        let company = |name: &str| sample.companies.iter().find(|one| one.company.name.starts_with(name)).unwrap();
        let held = |name: &str| company(name).offices.iter().filter(|office| office.is_held(today)).count();
        assert_eq!((held("Alfa"), held("Beta"), held("Gamma"), held("Delta")), (2, 2, 1, 1), "{today}");
        let active = |name: &str| company(name).company.is_active(today);
        assert!(active("Alfa") && active("Delta") && !active("Gamma"), "{today}");
        assert_eq!(company("Alfa").offices[0].holder, *sample.fiscal_code("davide").unwrap());
        assert_eq!(company("Alfa").offices[0].holder_name, "Davide Inventati");
        assert_ne!(company("Delta").company.fiscal_code, company("Delta").company.vat_number);
        // Files outside write these codes down: they stay.
        assert_eq!(sample.fiscal_code("rosa").unwrap().as_str(), ROSA);
    }
}

#[test]
fn a_company_with_a_wrong_check_digit_or_an_unknown_representative_is_told_with_its_line() {
    let told = |text: &str| SampleWorld::parse(text, DAYS[0]).unwrap_err().to_string();
    let digit = told(&TEXT.replace("partita_iva = \"00000069005\"", "partita_iva = \"00000069006\""));
    assert!(digit.contains("does not agree with the others"), "{digit}");
    let nobody = told(&TEXT.replace("{ persona = \"giorgio\", tipo", "{ persona = \"nessuno\", tipo"));
    assert!(nobody.contains("nobody is called nessuno"), "{nobody}");
    let twice = told(&TEXT.replace("codice_fiscale = \"00000109009\"", "codice_fiscale = \"00000069005\""));
    assert!(twice.contains("two companies have the fiscal code 00000069005"), "{twice}");
}
