//! Drafts of nobody's, over HTTP: what a code opens and what not, and how one becomes somebody's.

use jiff::SignedDuration;
use web::testing::Browser;

use crate::house::{House, LUCA, MARIA};

const DRAFT: &str = "/servizi/istanza-generica/bozza";
const FORM: &str = "/servizi/istanza-generica/domanda";

/// Begins a draft; gives its code as it was shown.
async fn begun(browser: &mut Browser) -> String {
    let page = browser.post(&format!("{DRAFT}/inizia"), &[]).await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, "no-store"));
    let text = page.text();
    let code = text.split("sp-text\">").nth(1).and_then(|rest| rest.split('<').next()).expect("the code");
    code.to_owned()
}

async fn write(browser: &mut Browser, text: &str) -> String {
    let seen = browser.get(&format!("{DRAFT}/pagina/richiesta?modifica=1")).await.hidden("sp.vista");
    let fields = [("oggetto", "Una domanda"), ("testo", text), ("sp.vista", seen.as_str())];
    let page = browser.post(&format!("{DRAFT}/pagina/richiesta"), &fields).await;
    assert!([303, 409].contains(&page.status.as_u16()), "{}", page.text());
    page.location().to_owned()
}

async fn number(house: &House, sql: &str) -> i64 {
    house.database.read().await.unwrap().number(sql, &[]).await.unwrap()
}

#[tokio::test]
async fn a_code_opens_what_was_typed_on_another_device_and_nothing_else() {
    let house = House::new().await;
    let mut library = house.visitor();
    let code = begun(&mut library).await;
    assert_eq!((code.len(), code.matches('-').count()), (23, 2));
    write(&mut library, "Ametista").await;
    let stored = house.database.read().await.unwrap().rows("SELECT digest FROM anonymous_drafts", &[]).await.unwrap();
    let digest = stored[0].text("digest").unwrap();
    assert!(digest.len() == 64 && !digest.contains(&code[..7].to_lowercase()), "only the digest is kept");

    let mut home = house.visitor();
    assert!(!home.get(DRAFT).await.text().contains("Ametista"), "without the code there is nothing");
    let opened = home.post("/bozza", &[("codice", &code.to_lowercase().replace('-', " "))]).await;
    assert_eq!(opened.location(), DRAFT);
    let page = home.get(DRAFT).await;
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    assert!(text.contains("Ametista") && !text.contains(&code), "the code is shown once: {text}");
    write(&mut home, "Granato").await;
    assert!(library.get(DRAFT).await.text().contains("Granato"), "both devices have one draft");

    let wrong = home.post("/bozza", &[("codice", "0000000-0000000-0000001")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("errore di scrittura"));
    let none = home.post("/bozza", &[("codice", "0000000-0000000-0000000")]).await;
    assert!(none.status == 422 && none.text().contains("non c’è nessuna bozza"));
    assert!(
        home.get(&format!("{FORM}/riepilogo")).await.location().starts_with("/accesso"),
        "sending asks for a login"
    );
}

#[tokio::test]
async fn it_becomes_the_draft_of_who_logs_in_and_the_code_opens_nothing_more() {
    let house = House::new().await;
    let mut browser = house.visitor();
    let code = begun(&mut browser).await;
    // A statement is the applicant's: it is neither asked nor kept here, and no file.
    let fields = [("oggetto", "Una domanda"), ("testo", "Ametista"), ("dichiara_veridicita", "si"), ("allegati", "x")];
    browser.post(&format!("{DRAFT}/pagina/richiesta"), &fields).await;
    browser.post(&format!("{DRAFT}/pagina/contatti"), &[("telefono", ""), ("dichiara_veridicita", "si")]).await;
    let kept = house.database.read().await.unwrap().rows("SELECT answers FROM anonymous_drafts", &[]).await.unwrap();
    assert!(!kept[0].text("answers").unwrap().contains("dichiara"));
    browser.post("/entra", &[("chi", MARIA)]).await;
    let asked = browser.get(&format!("{DRAFT}/porta")).await;
    assert_eq!(asked.status, 200);
    assert_eq!(number(&house, "SELECT count(*) AS n FROM drafts").await, 0, "looking brings nothing");
    assert_eq!(browser.post(&format!("{DRAFT}/porta"), &[]).await.location(), FORM);
    assert_eq!(number(&house, "SELECT count(*) AS n FROM drafts").await, 1);
    assert_eq!(number(&house, "SELECT count(*) AS n FROM anonymous_drafts").await, 0);
    let page = browser.get(&format!("{FORM}/richiesta?modifica=1")).await.text();
    assert!(page.contains("Ametista"), "{page}");
    let mut other = house.visitor();
    assert_eq!(other.post("/bozza", &[("codice", &code)]).await.status, 422, "the code is used up");
    let mut luca = house.browser(LUCA).await;
    assert!(!luca.get(&format!("{FORM}/richiesta?modifica=1")).await.text().contains("Ametista"));
    assert_eq!(luca.get(&format!("{DRAFT}/porta")).await.location(), FORM, "he has no code");
}

#[tokio::test]
async fn ones_own_draft_is_replaced_only_after_being_told() {
    let house = House::new().await;
    let mut browser = house.visitor();
    begun(&mut browser).await;
    write(&mut browser, "Ametista").await;
    browser.post("/entra", &[("chi", MARIA)]).await;
    browser.post(&format!("{FORM}/richiesta"), &[("oggetto", "La mia"), ("testo", "Granato")]).await;
    assert!(browser.get(&format!("{DRAFT}/porta")).await.text().contains("viene sostituita"));
    assert!(browser.get(&format!("{FORM}/richiesta?modifica=1")).await.text().contains("Granato"));
    browser.post(&format!("{DRAFT}/porta"), &[]).await;
    assert!(browser.get(&format!("{FORM}/richiesta?modifica=1")).await.text().contains("Ametista"));
}

#[tokio::test]
async fn it_goes_when_it_is_deleted_and_after_thirty_days() {
    let house = House::new().await;
    let mut browser = house.visitor();
    let code = begun(&mut browser).await;
    browser.post(&format!("{DRAFT}/chiudi"), &[]).await;
    assert!(browser.get(DRAFT).await.text().contains("Inizia e ricevi il codice"), "this device has forgotten it");
    browser.post("/bozza", &[("codice", &code)]).await;
    browser.post(&format!("{DRAFT}/elimina"), &[]).await;
    assert_eq!(number(&house, "SELECT count(*) AS n FROM anonymous_drafts").await, 0);

    let code = begun(&mut browser).await;
    house.clock.advance(SignedDuration::from_hours(30 * 24 - 1));
    assert_eq!(house.visitor().post("/bozza", &[("codice", &code)]).await.location(), DRAFT);
    house.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(house.visitor().post("/bozza", &[("codice", &code)]).await.status, 422);
    let mut tx = house.begin().await;
    cases::forget_old(&mut tx, house.web.clock().now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(number(&house, "SELECT count(*) AS n FROM anonymous_drafts").await, 0);
}

#[tokio::test]
async fn only_services_that_allow_it_have_such_drafts() {
    let house = House::new().await;
    let mut browser = house.visitor();
    let place = "/servizi/assegno-unico/bozza";
    for page in [browser.get(place).await, browser.post(&format!("{place}/inizia"), &[]).await] {
        assert_eq!(page.status, 404);
    }
    // A code of one service opens nothing of another.
    begun(&mut browser).await;
    write(&mut browser, "Ametista").await;
    assert!(!browser.get("/servizi/trasferimento-scuola/bozza").await.text().contains("Ametista"));
}
