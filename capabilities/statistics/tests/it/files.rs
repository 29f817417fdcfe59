//! People through files are the same people.

use std::fs;

use proptest::prelude::*;

use crate::world::{as_csv, changed, of_files, of_people, reform, service, study, write};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_population_through_files_gives_what_it_gives_directly(
        seed in 0u64..1000, persons in 0u64..400, threads in 1usize..4,
        slug in prop::sample::select(vec!["assegno-unico", "naspi", "invalidita-civile", "assegno-inclusione"]),
    ) {
        let (law, draft) = (service(slug), reform());
        let study = study(&law, Some(&draft).filter(|_| slug == "assegno-unico"));
        let (parquet, csv) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let directly = of_people(&study, seed, persons, 2, 77);
        let written = write(&study, seed, persons, parquet.path());
        prop_assert_eq!(written.households, directly.summary.all.rows);
        prop_assert_eq!(&of_files(&study, parquet.path(), threads).expect("they are read"), &directly);
        as_csv(parquet.path(), csv.path());
        prop_assert_eq!(&of_files(&study, csv.path(), threads).expect("they are read"), &directly);
    }
}

#[test]
fn a_household_with_a_value_that_the_law_does_not_admit_is_counted_and_written() {
    // A law that has forgotten that one may get no other benefit, which is what the form assumes.
    let law =
        changed("invalidita-civile", "rules.md", "| nessuna, guerra_lavoro_servizio,", "| guerra_lavoro_servizio,");
    let study = study(&law, None);
    let directly = of_people(&study, 5, 600, 2, 50);
    let folder = tempfile::tempdir().expect("a folder");
    let written = write(&study, 5, 600, folder.path());
    assert!(written.apart > 0, "{written:?}");
    assert_eq!(directly.summary.all.law.officer, written.apart.into());
    let told: Vec<&String> = directly.summary.faults.keys().collect();
    assert_eq!(told, ["dato «altra_prestazione» non ammesso"]);
    assert_eq!(of_files(&study, folder.path(), 2).expect("they are read"), directly);
}

#[test]
fn columns_beside_the_laws_are_weights_territories_and_ranks() {
    let law = service("assegno-unico");
    let study = study(&law, None);
    let (parquet, csv) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    write(&study, 2, 200, parquet.path());
    let plain = of_files(&study, parquet.path(), 2).expect("they are read").summary;
    as_csv(parquet.path(), csv.path());
    let path = csv.path().join("nucleo.csv");
    let text = fs::read_to_string(&path).expect("the file");
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(row, line)| format!("{line},{}", if row == 0 { "peso" } else { "2.5" }))
        .collect();
    fs::write(&path, lines.join("\n")).expect("it is written");
    let weighted = of_files(&study, csv.path(), 2).expect("they are read").summary;
    let times = rust_decimal::Decimal::new(25, 1);
    assert_eq!(weighted.all.rows, plain.all.rows);
    assert_eq!(weighted.all.households, plain.all.households * times);
    let cost = |summary: &statistics::Summary| summary.all.law.cost.month.expect("a cost");
    assert_eq!(
        cost(&weighted),
        (cost(&plain) * times).round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
    );
    assert!(cost(&plain) > 0.into());
}

#[test]
fn an_empty_population_is_no_mistake() {
    let law = service("assegno-unico");
    let study = study(&law, None);
    let folder = tempfile::tempdir().expect("a folder");
    write(&study, 1, 0, folder.path());
    let seen = of_files(&study, folder.path(), 2).expect("they are read");
    assert_eq!((seen.summary.all.rows, seen.summary.deciles.len()), (0, 0));
}
