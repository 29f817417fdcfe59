//! What people may do about their own data: take a copy, and contest a reading.

use crate::world::World;

const COPY: &str = "/profilo/copia/dati.json";

#[test]
fn a_copy_holds_everything_of_the_person_and_nothing_of_anybody_else() {
    let world = World::new();
    let (silvia, luca) = (world.person("silvia"), world.person("luca"));
    silvia.request("Ametista", "Vorrei sapere dell’ametista.");
    luca.request("Quarzo", "Vorrei sapere del quarzo.");
    let case = world.book().into_iter().find(|act| act.kind == "submitted").expect("a case").case;
    let carla = world.officer("carla.neri");
    let place = format!("/ufficio/pratiche/{case}");
    carla.post(&carla.get(&place).form("/prendi"));
    carla.post(&carla.get(&place).form("/nota").with("testo", "Topazio: una nota dell’ufficio."));

    assert!(silvia.get("/profilo/copia").words().contains("Una copia dei miei dati"));
    let copy = silvia.get(COPY);
    assert_eq!((copy.status, copy.header("cache-control")), (200, "no-store"));
    assert!(copy.header("content-disposition").contains("i-miei-dati-2026-11-21.json"));
    let told: serde_json::Value = serde_json::from_str(&copy.body).expect("JSON");
    let first = &told["pratiche"][0];
    assert_eq!(first["servizio"], "Istanza generica", "{first}");
    assert!(first["risposte"].to_string().contains("Ametista"));
    assert!(first["informativa"]["base_giuridica"].as_str().is_some_and(|text| text.contains("GDPR")));
    assert_eq!(first["atti"][0]["che_cosa"], "Domanda presentata");
    assert!(first["atti"][0]["contenuto"]["protocol"]["number"].is_u64());
    assert_eq!(told["chi_ha_aperto_i_miei_dati"][0]["chi"], "Carla Neri");
    assert!(told["banche_dati"]["values"].as_object().is_some_and(|values| 5 < values.len()));
    for part in [
        "visite_allo_sportello",
        "fatto_da_altri",
        "chi_rappresenti_per_legge",
        "chi_ti_rappresenta_per_legge",
        "aiuti",
    ] {
        assert!(told[part].is_array(), "{part}");
    }
    assert!(told["firme"]["chieste_a_me"].is_array());
    assert!(told["deleghe"]["date"].is_array() && told["bozze"].is_array());
    for others in ["Topazio", "Quarzo", "Luca"] {
        assert!(!copy.body.contains(others), "{others}");
    }
    assert!(world.visitor().get(COPY).place.starts_with("/accesso"), "nobody");
    assert!(carla.get(COPY).place.starts_with("/accesso"), "an officer is nobody there");
}
