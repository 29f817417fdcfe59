use std::collections::BTreeSet;

use forms::Known;
use rules::Value;

use crate::house::{House, TODAY, form};

/// The questions that a person would still have to answer.
fn missing(known: &Known) -> Vec<String> {
    let form = form();
    let answers = form.prefill(known, TODAY).facts;
    form.ask_only_missing(&answers, TODAY).iter().flat_map(|page| &page.paths).map(ToString::to_string).collect()
}

fn dec(text: &str) -> Value {
    Value::Dec(text.parse().unwrap())
}

#[tokio::test]
async fn who_is_known_completely_types_nothing() {
    let house = House::with_samples().await;
    let handles = [
        "chiara",
        "paolo",
        "elena",
        "teresa",
        "sofia",
        "davide",
        "roberto",
        "maria",
        "giorgio",
        "francesca",
        "silvia",
        "ioana",
    ];
    for handle in handles {
        let prefilled = form().prefill(&house.known_of(handle).await, TODAY);
        assert!(
            form().status(&prefilled.facts, TODAY).is_complete(),
            "{handle}: {:?}",
            missing(&house.known_of(handle).await)
        );
        assert!(prefilled.unusable.is_empty(), "{handle}");
    }
}

#[tokio::test]
async fn everything_that_the_form_wants_from_registries_is_there() {
    let known = House::with_samples().await.known_of("elena").await;
    let children = known.lists["anpr.figli"].iter().flat_map(|child| child.keys());
    let there: BTreeSet<&str> =
        known.values.keys().chain(known.lists.keys()).chain(children).map(String::as_str).collect();
    let form = form();
    // Marta studies: whether she looks for work or does civil service is neither known nor asked.
    let unknown: Vec<_> = form.sources().difference(&there).copied().collect();
    assert_eq!(unknown, ["inps-lavoro.in_cerca_di_lavoro", "inps-lavoro.servizio_civile"]);
}

#[tokio::test]
async fn a_missing_account_is_the_only_question() {
    let known = House::with_samples().await.known_of("noe").await;
    assert_eq!(missing(&known), ["iban"]);
    assert_eq!(known.values["anpr.nome"].value, Value::from("Noè D'Èsempio"));
}

#[tokio::test]
async fn a_newborn_outside_the_register_is_in_no_list() {
    let house = House::with_samples().await;
    let known = house.known_of("davide").await;
    let names: Vec<_> = known.lists["anpr.figli"].iter().map(|child| &child["anpr.nome"].value).collect();
    assert_eq!(names, [&Value::from("Tea Inventati")]);
    assert_eq!(house.known_of("elio").await, Known::default());
}

#[tokio::test]
async fn the_newer_isee_counts_and_no_isee_is_known_as_none() {
    let house = House::with_samples().await;
    let roberto = &house.known_of("roberto").await.values["inps-isee.isee_minorenni"];
    assert_eq!(roberto.value, dec("12400.00"));
    assert_eq!(roberto.provenance.valid_from, Some(roberto.provenance.recorded_on));
    let paolo = &house.known_of("paolo").await.values["inps-isee.isee_minorenni"];
    assert_eq!((&paolo.value, paolo.provenance.recorded_on), (&Value::Null, TODAY));
    assert_eq!(paolo.provenance.registry_name.get(base::Language::English), "ISEE database");
}

#[tokio::test]
async fn what_registries_know_of_a_child() {
    let house = House::with_samples().await;
    let gino = &house.known_of("teresa").await.lists["anpr.figli"][0];
    assert_eq!(gino["inps-invalidita.grado"].value, Value::from("grave"));
    assert_eq!(gino["istruzione.studia"].value, Value::Bool(true));
    assert_eq!(gino["entrate.a_carico"].value, Value::Bool(true));
    let tea = &house.known_of("davide").await.lists["anpr.figli"][0];
    assert_eq!(tea["inps-invalidita.grado"].value, Value::from("nessuna"));
}

#[tokio::test]
async fn values_of_the_household_belong_to_its_parents() {
    let house = House::with_samples().await;
    let both = async |handle| {
        house.known_of(handle).await.values.get("inps-lavoro.entrambi_lavorano").map(|k| k.value.clone())
    };
    assert_eq!(both("silvia").await, Some(Value::Bool(true)));
    assert_eq!(both("chiara").await, Some(Value::Bool(false)));
    assert_eq!(both("roberto").await, Some(Value::Bool(false)), "his job ended seven months ago");
    let marta = house.known_of("marta").await;
    assert_eq!(marta.values.get("inps-lavoro.entrambi_lavorano"), None, "a daughter is not a parent");
    assert!(marta.lists["anpr.figli"].is_empty(), "brothers and sisters are not her children");
    let luca = house.known_of("luca").await;
    assert!(luca.lists["anpr.figli"].is_empty(), "known to have none");
    assert_eq!(
        luca.values["inps-lavoro.entrambi_lavorano"].value,
        Value::Bool(false),
        "of a couple whose child may come"
    );
    assert_eq!(luca.values.get("anpr.madre_nata_il"), None, "without children there is no mother to speak of");
    let widower = house.known_of("giorgio").await;
    assert_eq!(widower.values["anpr.genitore_vedovo_lavoratore"].value, Value::Bool(true));
    assert_eq!(widower.values["anpr.madre_nata_il"].value, Value::Null);
}

#[tokio::test]
async fn residence_and_citizenship_are_told_where_registries_show_them() {
    let house = House::with_samples().await;
    let ioana = house.known_of("ioana").await;
    assert_eq!(ioana.values["anpr.cittadinanza_o_soggiorno"].value, Value::Bool(true));
    assert_eq!(ioana.values["anpr.residente_in_italia"].value, Value::Bool(true));
    assert_eq!(ioana.values["entrate.imposta_in_italia"].value, Value::Bool(true));
}

#[tokio::test]
async fn the_household_is_told_with_birthdays_and_only_children_with_their_disability() {
    let house = House::with_samples().await;
    let household = &house.known_of("teresa").await.lists["anpr.nucleo"];
    assert_eq!(household.len(), 3);
    assert!(household.iter().all(|one| matches!(one["anpr.data_nascita"].value, Value::Date(_))));
    let degrees: Vec<_> = household.iter().map(|one| one.get("inps-invalidita.grado").map(|k| &k.value)).collect();
    let (spouse, gino, lia) = (None, Some(&Value::from("grave")), Some(&Value::from("nessuna")));
    assert_eq!(degrees, [spouse, gino, lia]);
    let seen_by_a_daughter = &house.known_of("marta").await.lists["anpr.nucleo"];
    assert!(seen_by_a_daughter.iter().all(|one| !one.contains_key("inps-invalidita.grado")));
}

#[tokio::test]
async fn work_parenthood_and_residence_are_told_where_the_register_is_sure() {
    let house = House::with_samples().await;
    let told = async |handle, key: &str| house.known_of(handle).await.values.get(key).map(|k| k.value.clone());
    assert_eq!(told("paolo", "inps-lavoro.categoria").await, Some("dipendente".into()));
    assert_eq!(told("noe", "inps-lavoro.categoria").await, Some("autonomo".into()));
    assert_eq!(told("chiara", "inps-lavoro.categoria").await, None, "she may be in another scheme");
    assert_eq!(told("chiara", "anpr.genitore").await, Some("madre".into()));
    assert_eq!(told("paolo", "anpr.genitore").await, Some("padre".into()));
    assert_eq!(told("elena", "anpr.genitore").await, None, "the other parent may live elsewhere");
    assert_eq!(told("ioana", "anpr.cittadino_unione").await, Some(Value::Bool(true)));
    assert_eq!(told("chiara", "anpr.residente_da_cinque_anni").await, Some(Value::Bool(true)));
    assert!(matches!(told("roberto", "inps-isee.presentato_il").await, Some(Value::Date(on)) if on < TODAY));
    assert_eq!(told("paolo", "inps-isee.presentato_il").await, Some(Value::Null));
}

#[tokio::test]
async fn whom_the_register_does_not_know_has_to_say_everything() {
    let house = House::with_samples().await;
    let known = house.known("DMSMRA80A41H501X").await;
    assert_eq!(known, Known::default());
    assert!(missing(&known).contains(&"iban".to_owned()));
}

#[tokio::test]
async fn an_omocode_is_not_the_person_with_the_plain_code() {
    let house = House::with_samples().await;
    let maria = house.code("maria");
    assert!(maria.is_omocode());
    assert_eq!(house.known(&maria.canonical()).await, Known::default());
    assert_eq!(house.known_of("maria").await.values["anpr.codice_fiscale"].value, Value::from(maria.as_str()));
}

#[tokio::test]
async fn people_are_found_by_the_beginnings_of_their_names() {
    let house = House::with_samples().await;
    let mut tx = house.database.read().await.unwrap();
    let mut found = async |words: &str| {
        let people = registry::find_people(&mut tx, words, 3).await.unwrap();
        people.iter().map(|person| person.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("ESEMPIO noe").await, ["Noè D'Èsempio"]);
    assert_eq!(found(&house.code("chiara").as_str()[..10]).await, ["Chiara Esempio"]);
    assert_eq!(found("inventati").await.len(), 3, "no more than were asked for");
    assert_eq!(found("%").await, Vec::<String>::new());
    let chiara = registry::person(&mut tx, house.code("chiara")).await.unwrap().unwrap();
    assert_eq!(chiara.birthplace.code, "H501");
}
