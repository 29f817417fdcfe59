//! What is told for benefits of disability and of unemployment.

use forms::Form;
use rules::Value;

use crate::house::{House, TODAY};

const DISABILITY: &str = "invalidita-civile";
const UNEMPLOYMENT: &str = "naspi";

fn form(service: &str) -> Form {
    let path = tidy::house().join("services").join(service).join("form.toml");
    Form::parse("form.toml", &std::fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn who_is_known_completely_types_nothing() {
    let house = House::with_samples().await;
    let cases = [
        (DISABILITY, "attilio"),
        (DISABILITY, "lidia"),
        (DISABILITY, "teresa"),
        (DISABILITY, "luca"),
        (UNEMPLOYMENT, "nadia"),
        (UNEMPLOYMENT, "roberto"),
        (UNEMPLOYMENT, "luca"),
    ];
    for (service, handle) in cases {
        let form = form(service);
        let prefilled = form.prefill(&house.known_of(handle).await, TODAY);
        let status = form.status(&prefilled.facts, TODAY);
        assert!(status.is_complete(), "{handle}: {:?}", form.ask_only_missing(&prefilled.facts, TODAY));
        assert!(prefilled.unusable.is_empty(), "{handle}");
    }
}

#[tokio::test]
async fn one_applies_for_oneself_and_for_minor_children() {
    let house = House::with_samples().await;
    let attilio = house.known_of("attilio").await;
    let [himself] = attilio.lists["inps-invalidita.persone"].as_slice() else { panic!("one person") };
    assert_eq!(himself["inps-invalidita.percentuale"].value, Value::Int(100));
    assert_eq!(himself["inps-invalidita.assistenza_continua"].value, Value::Bool(true));
    assert_eq!(himself.get("inps-invalidita.difficolta_persistenti"), None, "asked of minors only");
    assert_eq!(himself["inps-invalidita.percentuale"].provenance.registry, "inps-invalidita");
    assert_eq!(attilio.values["inps-invalidita.percentuale"].value, Value::Int(100), "on the page of his data, too");
    let teresa = house.known_of("teresa").await;
    let [gino] = teresa.lists["inps-invalidita.persone"].as_slice() else { panic!("her son") };
    assert_eq!(gino["inps-invalidita.difficolta_persistenti"].value, Value::Bool(true));
    assert_eq!(gino["istruzione.studia"].value, Value::Bool(true));
    assert_eq!(gino.get("inps-invalidita.percentuale"), None);
    assert!(house.known_of("marta").await.lists["inps-invalidita.persone"].is_empty(), "nobody here is disabled");
}

#[tokio::test]
async fn the_last_job_that_ended_is_told_with_its_contributions() {
    let house = House::with_samples().await;
    let told = house.known_of("nadia").await.values;
    // From 21 November 2024 to 1 November 2026: 711 days, 102 weeks begun, at 24,000 euro a year.
    assert_eq!(told["inps-lavoro.ultimo_giorno"].value, Value::Date("2026-11-01".parse().unwrap()));
    assert_eq!(told["inps-lavoro.motivo_cessazione"].value, Value::from("scadenza"));
    assert_eq!(told["inps-lavoro.settimane"].value, Value::Int(102));
    assert_eq!(told["inps-lavoro.retribuzione_4_anni"].value, Value::Dec("46750.68".parse().unwrap()));
    assert_eq!(told["inps-lavoro.dimissioni_nei_12_mesi"].value, Value::Bool(false));
    assert_eq!(told["inps-lavoro.lavora"].value, Value::Bool(false));
    assert_eq!(told["anpr.eta"].value, Value::Int(38));
    let roberto = house.known_of("roberto").await.values;
    assert_eq!(roberto["inps-lavoro.settimane"].value, Value::Int(208), "of thirteen years only four count, at most");
    let luca = house.known_of("luca").await.values;
    assert_eq!(
        (&luca["inps-lavoro.ultimo_giorno"].value, &luca["inps-lavoro.lavora"].value),
        (&Value::Null, &Value::Bool(true))
    );
    assert_eq!(luca.get("inps-lavoro.motivo_cessazione"), None, "no job ended");
}

#[tokio::test]
async fn a_resignation_in_the_year_before_is_told_with_the_weeks_since() {
    use population::{JobEnd, JobKind};
    let house = House::empty().await;
    let mut household = house.samples.family_of("nadia").unwrap().household.clone();
    let last = household.jobs[0].clone();
    let mut earlier = last.clone();
    earlier.kind = JobKind::Permanent;
    earlier.from = "2015-01-01".parse().unwrap();
    earlier.to = Some("2026-08-31".parse().unwrap());
    earlier.ended_because = Some(JobEnd::Resignation);
    let mut short = last;
    short.from = "2026-09-01".parse().unwrap();
    household.jobs = vec![earlier, short];
    house.load(std::iter::once(household)).await;
    let told = house.known_of("nadia").await.values;
    assert_eq!(told["inps-lavoro.dimissioni_nei_12_mesi"].value, Value::Bool(true));
    // 1 September to 1 November: 62 days.
    assert_eq!(told["inps-lavoro.settimane_dopo_dimissioni"].value, Value::Int(9));
    assert_eq!(told["inps-lavoro.settimane"].value, Value::Int(208), "no week counts twice, nor those before");
}
