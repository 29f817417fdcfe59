//! Help with filling in, over HTTP: what a helper sees and what not, and that the person sees all of it.

use jiff::SignedDuration;
use web::testing::Browser;

use crate::house::House;

const FORM: &str = "/servizi/cambio-residenza";

/// The fiscal code of Elena, whose household the register knows.
fn elena(house: &House) -> String {
    let members = house.samples.families.iter().flat_map(|family| &family.household.members);
    let mut people = members.map(|member| &member.person);
    people.find(|one| one.name.given == "Elena").expect("a sample person").fiscal_code.to_string()
}

/// Shares these pages; gives the code.
async fn shared(person: &mut Browser, pages: &[&str]) -> String {
    let fields: Vec<_> = pages.iter().map(|page| ("pagine", *page)).collect();
    let page = person.post(&format!("{FORM}/aiuto"), &fields).await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"), "{}", page.text());
    page.text().split("sp-text\">").nth(1).and_then(|rest| rest.split('<').next()).expect("the code").to_owned()
}

/// A helper with this code; gives the address of the help.
async fn helping(house: &House, id: &str, code: &str) -> (Browser, String) {
    let mut helper = house.officer(id, "relazioni", "facilitator").await;
    let taken = helper.post("/ufficio/aiuto", &[("codice", code)]).await;
    assert!(taken.location().starts_with("/ufficio/aiuto/"), "{}", taken.text());
    (helper, taken.location().to_owned())
}

#[tokio::test]
async fn a_helper_fills_in_what_is_shared_and_the_person_sees_and_sends_it() {
    let house = House::new().await;
    let mut elena = house.browser(&elena(&house)).await;
    elena.post(&format!("{FORM}/domanda/casa"), &[("via", "Via Nuova 1")]).await;
    let code = shared(&mut elena, &["casa"]).await;
    let (mut nino, place) = helping(&house, "nino.guida", &code).await;
    let page = nino.get(&format!("{place}/casa")).await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"));
    let text = page.text();
    assert!(text.contains("Via Nuova 1") && !text.contains("domanda/annulla"), "what she typed on it: {text}");
    let saved = nino.post(&format!("{place}/casa"), &[("comune", "Torino"), ("dal", "01/11/2026")]).await;
    assert_eq!(saved.location(), place);
    let told = elena.get(&format!("{FORM}/aiuto")).await.text();
    for said in ["nino guida ti sta aiutando", "Ha guardato «La nuova casa»", "Ha scritto in «La nuova casa»"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(elena.get(&format!("{FORM}/domanda/casa?modifica=1")).await.text().contains("Torino"));
    let mut tx = house.database.read().await.unwrap();
    let reads = tx.number("SELECT count(*) AS n FROM data_reads", &[]).await.unwrap();
    assert_eq!(reads, 2, "each look is among the readings of her data");
    for way in ["/domanda", "/domanda/riepilogo", "/aiuto"] {
        assert!(nino.get(&format!("{FORM}{way}")).await.location().starts_with("/accesso"), "{way} is hers");
    }
}

#[tokio::test]
async fn a_helper_sees_no_page_that_is_not_shared_and_nothing_of_a_registry() {
    let house = House::new().await;
    let code_of_elena = elena(&house);
    let mut elena = house.browser(&code_of_elena).await;
    let code = shared(&mut elena, &["famiglia"]).await;
    let (mut nino, place) = helping(&house, "nino.guida", &code).await;
    assert_eq!(nino.get(&format!("{place}/casa")).await.status, 404, "not shared");
    assert_eq!(nino.post(&format!("{place}/casa"), &[("via", "x")]).await.status, 404);
    let page = nino.get(&format!("{place}/famiglia")).await;
    let text = page.text();
    assert!(text.contains("Persona 1") && text.contains("famiglia.0.codice_fiscale"), "{text}");
    for known in ["Marta", "Leo", "Modello"] {
        assert!(!text.contains(known), "{known} is known from a registry: {text}");
    }
    // Asked for behind the page's back, a registry's value is not told either.
    let seen = "famiglia.0.nome:0000000000000000 famiglia.0.data_nascita:0000000000000000";
    let fields = [("famiglia.0.nome", "x"), ("famiglia.0.data_nascita", "01/01/2001"), ("sp.vista", seen)];
    let sly = nino.post(&format!("{place}/famiglia"), &fields).await.text();
    assert!(!sly.contains("Marta") && !sly.contains("Modello"), "{sly}");
    assert!(!elena.get(&format!("{FORM}/domanda/famiglia?modifica=1")).await.text().contains("value=\"x\""));
    // Nor whether a registry has what somebody types.
    let double = nino.post(&format!("{place}/famiglia"), &[("famiglia.0.codice_fiscale", &code_of_elena)]).await.text();
    assert!(!double.contains("due volte") && !double.contains("famiglia.0.data_nascita"), "{double}");
    let statement = nino.post(&format!("{place}/famiglia"), &[("dichiara_veridicita", "si")]).await;
    assert!([303, 422].contains(&statement.status.as_u16()));
    let answers = house.database.read().await.unwrap().rows("SELECT answers FROM drafts", &[]).await.unwrap();
    assert!(answers.iter().all(|row| !row.text("answers").unwrap().contains("dichiara")), "statements are hers");
}

#[tokio::test]
async fn a_code_works_once_for_half_an_hour_and_until_the_person_ends_it() {
    let house = House::new().await;
    let code_of_elena = elena(&house);
    let mut elena = house.browser(&code_of_elena).await;
    let code = shared(&mut elena, &["casa"]).await;
    let (mut nino, place) = helping(&house, "nino.guida", &code).await;
    let mut rita = house.officer("rita.guida", "relazioni", "facilitator").await;
    assert_eq!(rita.post("/ufficio/aiuto", &[("codice", &code)]).await.status, 422, "used");
    assert_eq!(rita.get(&format!("{place}/casa")).await.status, 404, "another helper's");
    let mut anna = house.officer("anna.prova", "relazioni", "head").await;
    assert_eq!(anna.get("/ufficio/aiuto").await.status, 403, "it is a task of its own");
    elena.post(&format!("{FORM}/aiuto/fine"), &[]).await;
    for page in [nino.get(&format!("{place}/casa")).await, nino.post(&format!("{place}/casa"), &[("via", "x")]).await] {
        assert_eq!(page.status, 409, "ended");
    }
    let code = shared(&mut elena, &["casa"]).await;
    let late = shared(&mut elena, &["casa"]).await;
    assert_eq!(rita.post("/ufficio/aiuto", &[("codice", &code)]).await.status, 422, "asking anew ends the one before");
    house.clock.advance(SignedDuration::from_mins(14));
    let taken = rita.post("/ufficio/aiuto", &[("codice", &late)]).await.location().to_owned();
    house.clock.advance(SignedDuration::from_mins(29));
    assert_eq!(rita.get(&format!("{taken}/casa")).await.status, 200);
    house.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(rita.get(&format!("{taken}/casa")).await.status, 409, "half an hour is over");
    let mut elena = house.browser(&code_of_elena).await;
    let unused = shared(&mut elena, &["casa"]).await;
    house.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(
        rita.post("/ufficio/aiuto", &[("codice", &unused)]).await.status,
        422,
        "a code waits for a quarter of an hour"
    );
    assert_eq!(elena.post(&format!("{FORM}/aiuto"), &[("pagine", "")]).await.status, 422, "something must be shared");
}

#[tokio::test]
async fn a_helper_finds_no_date_of_a_registry_by_trying() {
    const FORM: &str = "/servizi/assegno-unico";
    let house = House::new().await;
    let mut elena = house.browser(&elena(&house)).await;
    let page = elena.post(&format!("{FORM}/aiuto"), &[("pagine", "figli")]).await.text();
    let code = page.split("sp-text\">").nth(1).and_then(|rest| rest.split('<').next()).expect("the code").to_owned();
    let (mut nino, place) = helping(&house, "nino.guida", &code).await;
    // Before the day on which a registry says that the mother was born.
    let fields = [("figli.2.nome", "Uno"), ("figli.2.data_nascita", "01/01/1970")];
    let told = "prima di quella della madre";
    let page = nino.post(&format!("{place}/figli"), &fields).await.text();
    assert!(!page.contains(told), "{page}");
    let own = elena.post(&format!("{FORM}/domanda/figli"), &fields).await.text();
    assert!(own.contains(told), "she reads it: {own}");
}

#[tokio::test]
async fn loading_the_page_with_the_code_again_does_not_end_the_help() {
    let house = House::new().await;
    let mut elena = house.browser(&elena(&house)).await;
    let page = elena.get(&format!("{FORM}/aiuto")).await.text();
    let once = page.split("name=\"volta\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a name");
    let fields = [("pagine", "casa"), ("volta", once)];
    let code = elena.post(&format!("{FORM}/aiuto"), &fields).await.text();
    let code = code.split("sp-text\">").nth(1).and_then(|rest| rest.split('<').next()).expect("the code").to_owned();
    let (mut nino, place) = helping(&house, "nino.guida", &code).await;
    let again = elena.post(&format!("{FORM}/aiuto"), &fields).await;
    assert_eq!(again.location(), format!("{FORM}/aiuto"), "{}", again.text());
    assert_eq!(nino.get(&format!("{place}/casa")).await.status.as_u16(), 200, "the helper goes on");
}
