//! What officers see and do, through the whole frame.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect},
    routing::post,
};
use base::{Clock, SeededChance, Uuid};
use database::Tx;
use identity::{HEAD, NewStaff, create_staff};
use protocol::{CaseOffices, Entry, Register, next_number, verify_file};
use serde_json::json;
use web::{Answer, Door, Mode, NewSession, Settings, Visit, Web, Words, sessions, testing::Browser};

use crate::house::{House, LUCA, MARIA, OFFICE, incoming, register};

const LIST: &str = "/ufficio/protocollo";
const FIRST: &str = "/ufficio/protocollo/2026/1";
const EMERGENCIES: &str = "/ufficio/protocollo/emergenza";

/// Every case is this office's.
struct OneOffice;

#[async_trait]
impl CaseOffices for OneOffice {
    async fn office_of(&self, _: &mut Tx, _: Uuid) -> database::Result<Option<String>> {
        Ok(Some(OFFICE.to_owned()))
    }
}

/// Somebody at work: `olga` in the office, `rosa` who heads it, `ugo` of another office, `ines` and
/// `iole` of the office where much is confidential.
async fn officer(house: &House, who: &str) -> Browser {
    let seed = who.bytes().map(u64::from).sum(); // a session of its own
    let chance = Arc::new(SeededChance::new(seed));
    let words = Words::merge(&[web::WORDS, identity::WORDS, protocol::WORDS]).unwrap();
    let settings = Settings::new("http://localhost:8080", Mode::Demo);
    let web = Web::new(house.database.clone(), house.clock.clone(), chance, settings, words);
    let (catalogue, seal) = (house.catalogue.clone(), house.seal.clone());
    let register = Register { web: web.clone(), catalogue, seal, cases: Arc::new(OneOffice) };
    let routes = protocol::router(register).route("/entra", post(enter));
    let mut browser = Browser::new(web::frame(routes, web));
    browser.post("/entra", &[("chi", who)]).await;
    browser
}

async fn employ(house: &House) {
    let mut tx = house.database.begin().await.unwrap();
    let staff: [(_, _, _); 5] = [
        ("olga", OFFICE, "operator"),
        ("rosa", OFFICE, HEAD),
        ("ugo", "relazioni", HEAD),
        ("ines", "invalidita", "operator"),
        ("iole", "invalidita", HEAD),
    ];
    for (id, office, role) in staff {
        let (name, password) = (format!("{id} Prova"), "inventata-per-prova".to_owned());
        let new =
            NewStaff { id: id.to_owned(), name, office: office.to_owned(), roles: vec![role.to_owned()], password };
        create_staff(&mut tx, &SeededChance::new(7), house.clock.now(), new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn enter(visit: Visit, posted: web::Posted) -> Answer {
    let subject = posted.text("chi").to_owned();
    let new = NewSession { name: subject.clone(), subject, door: Door::Staff, level: 1, data: json!({}) };
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to("/")).into_response())
}

async fn at_work() -> House {
    let house = House::new().await;
    employ(&house).await;
    house
}

async fn count(house: &House, sql: &str) -> i64 {
    house.database.read().await.unwrap().number(sql, &[]).await.unwrap()
}

#[tokio::test]
async fn officers_read_their_own_register_and_people_see_that_they_did() {
    let house = at_work().await;
    house.register().await;
    let mut olga = officer(&house, "olga").await;
    let list = olga.get(LIST).await.text();
    assert!(list.contains("FAMGEN 0000001/2026") && list.contains("Maria Dimostrativa"), "{list}");
    assert_eq!(count(&house, "SELECT count(*) AS n FROM data_listings").await, 1);
    let page = olga.get(FIRST).await.text();
    let stamp = "Istituto Dimostrativo di Previdenza · AOO FAMGEN · n. 0000001/2026 · del 2 marzo 2026";
    assert!(page.contains(stamp) && page.contains(&"ab".repeat(32)), "{page}");
    assert_eq!(count(&house, "SELECT count(*) AS n FROM data_reads").await, 1);
    let file = olga.get(&format!("{FIRST}/segnatura.xml")).await;
    assert!(verify_file(&file.body, house.seal.certificate(), base::Language::Italian).sound);
    assert!(file.header("content-disposition").contains("segnatura-FAMGEN-0000001-2026.xml"));

    let mut ugo = officer(&house, "ugo").await;
    assert!(!ugo.get(LIST).await.text().contains("Maria"));
    assert_eq!(ugo.get(FIRST).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ugo.get(&format!("{FIRST}/segnatura.xml")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_finds_by_number_name_code_day_and_direction_and_goes_on() {
    let house = at_work().await;
    for _ in 0..51 {
        house.register().await;
    }
    let mut olga = officer(&house, "olga").await;
    let rows = |text: String| text.matches("/ufficio/protocollo/2026/").count();
    let first = olga.get(LIST).await.text();
    assert!(first.contains("prima=2026-2") && !first.contains("0000001/2026"), "{first}");
    assert_eq!(rows(olga.get(&format!("{LIST}?prima=2026-2")).await.text()), 1);
    let day = "giorno.giorno=2&giorno.mese=3&giorno.anno=2026";
    for (query, found) in [
        ("numero=7", 1),
        ("numero=99", 0),
        ("chi=dimostrativa&numero=7", 1),
        ("chi=%25&numero=7", 0),
        (&format!("chi={MARIA}&numero=7"), 1),
        (&format!("{day}&numero=7"), 1),
        ("giorno.giorno=3&giorno.mese=3&giorno.anno=2026", 0),
        ("verso=out", 0),
        ("verso=in&numero=7", 1),
    ] {
        assert_eq!(rows(olga.get(&format!("{LIST}?{query}")).await.text()), found, "{query}");
    }
    assert!(olga.get(&format!("{LIST}?numero=sette")).await.text().contains("con le sole cifre"));
}

#[tokio::test]
async fn what_is_confidential_names_nobody_in_lists() {
    let house = at_work().await;
    let mut tx = house.database.begin().await.unwrap();
    let numbers = next_number(&mut tx, OFFICE, house.clock.now()).await.unwrap();
    protocol::register(&mut tx, &Entry { confidential: true, ..incoming(&numbers) }).await.unwrap();
    tx.commit().await.unwrap();
    let (mut olga, mut rosa) = (officer(&house, "olga").await, officer(&house, "rosa").await);
    let found = async |browser: &mut Browser, query: &str| {
        let list = browser.get(&format!("{LIST}?{query}")).await.text();
        list.matches("/ufficio/protocollo/2026/").count()
    };
    assert!(!olga.get(LIST).await.text().contains("Maria"));
    assert_eq!(found(&mut olga, "numero=1").await, 1);
    for query in [format!("chi={MARIA}"), "chi=maria".to_owned(), format!("chi={MARIA}&numero=1")] {
        assert_eq!(found(&mut olga, &query).await, 0, "a row that is found tells whose it is: {query}");
    }
    assert_eq!(count(&house, "SELECT count(*) AS n FROM data_listings").await, 0);
    assert!(rosa.get(LIST).await.text().contains("Maria"));
    assert_eq!(found(&mut rosa, &format!("chi={MARIA}")).await, 1);
}

#[tokio::test]
async fn what_is_filed_under_a_confidential_title_later_becomes_confidential() {
    let house = at_work().await;
    let mut tx = house.database.begin().await.unwrap();
    register(&mut tx, "invalidita", house.clock.now()).await;
    tx.commit().await.unwrap();
    let mut ines = officer(&house, "ines").await;
    let mut iole = officer(&house, "iole").await;
    let fields = |title| [("classificazione", title), ("assegnazione", "invalidita")];
    for (title, shown) in [("9.1", true), ("2.1", false), ("9.1", true)] {
        if title == "9.1" && !ines.get(LIST).await.text().contains("Maria") {
            assert_eq!(
                ines.post(FIRST, &fields(title)).await.status,
                StatusCode::FORBIDDEN,
                "she hides, and does not show"
            );
            iole.post(FIRST, &fields(title)).await;
        } else {
            ines.post(FIRST, &fields(title)).await;
        }
        assert_eq!(ines.get(LIST).await.text().contains("Maria"), shown, "{title}");
        let segnatura = ines.get(&format!("{FIRST}/segnatura.xml")).await.text();
        assert_eq!(segnatura.contains("Riservato"), !shown, "{title}");
    }
}

#[tokio::test]
async fn only_the_head_annuls_and_nothing_is_lost() {
    let house = at_work().await;
    let entry = house.register().await;
    let annul = format!("{FIRST}/annulla");
    let given = [("motivo", "Registrata due volte"), ("provvedimento", "Determina 1 del 2 marzo 2026")];
    let mut olga = officer(&house, "olga").await;
    assert_eq!(olga.get(&annul).await.status, StatusCode::FORBIDDEN);
    assert_eq!(olga.post(&annul, &given).await.status, StatusCode::FORBIDDEN);
    let mut rosa = officer(&house, "rosa").await;
    assert_eq!(
        rosa.post(&annul, &[("motivo", "x"), ("provvedimento", " ")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(rosa.post(&annul, &given).await.location(), FIRST);
    assert_eq!(rosa.post(&annul, &given).await.location(), FIRST, "sent twice");
    let page = olga.get(FIRST).await.text();
    for told in ["Registrata due volte", "Determina 1 del 2 marzo 2026", "rosa Prova", "<s>", "Maria Dimostrativa"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(page.matches("Registrazione annullata").count(), 2, "once as a mark and once in the history");
    let segnatura = olga.get(&format!("{FIRST}/segnatura.xml")).await.text();
    assert!(segnatura.contains("(registrazione annullata il 2 marzo 2026)"), "{segnatura}");
    let mut tx = house.database.read().await.unwrap();
    let kept = protocol::find(&mut tx, &entry.protocol).await.unwrap().unwrap();
    assert_eq!(Entry { annulled_at: None, ..kept }, entry);
    drop(tx);
    assert_eq!(house.register().await.protocol.number, 2, "its number is not used again");
}

#[tokio::test]
async fn classification_and_assignment_change_and_every_change_is_kept() {
    let house = at_work().await;
    house.register().await;
    let mut olga = officer(&house, "olga").await;
    for (title, office) in [("1.2", "famiglia"), ("1.3", "relazioni"), ("1.3", "relazioni")] {
        let reply = olga.post(FIRST, &[("classificazione", title), ("assegnazione", office)]).await;
        assert_eq!(reply.location(), FIRST);
    }
    for (title, office) in [("7.7", "famiglia"), ("1.1", "nessuno")] {
        let reply = olga.post(FIRST, &[("classificazione", title), ("assegnazione", office)]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(count(&house, "SELECT count(*) AS n FROM protocol_changes").await, 3);
    let page = olga.get(FIRST).await.text();
    assert!(page.contains("da «1.2 Congedi dei genitori» a «1.3 Inclusione e contrasto alla povertà»"), "{page}");
}

#[tokio::test]
async fn a_page_that_was_opened_earlier_undoes_no_colleagues_change() {
    let house = at_work().await;
    let number = house.register().await.protocol;
    let (mut olga, mut rosa) = (officer(&house, "olga").await, officer(&house, "rosa").await);
    let early = olga.get(FIRST).await;
    let shown = ["era_classificazione", "era_assegnazione"].map(|name| early.hidden(name));
    rosa.post(FIRST, &[("classificazione", "1.2"), ("assegnazione", "famiglia")]).await;
    let sent = [
        ("classificazione", shown[0].as_str()),
        ("assegnazione", "relazioni"),
        ("era_classificazione", &shown[0]),
        ("era_assegnazione", &shown[1]),
    ];
    assert_eq!(olga.post(FIRST, &sent).await.location(), FIRST);
    let mut tx = house.database.read().await.unwrap();
    let entry = protocol::find(&mut tx, &number).await.unwrap().unwrap();
    assert_eq!((entry.classification.as_str(), entry.assigned_to.as_str()), ("1.2", "relazioni"));
    drop(tx);
    house.register().await;
    let unassigned = [("classificazione", "1.2"), ("assegnazione", "")];
    assert_eq!(olga.post("/ufficio/protocollo/2026/2", &unassigned).await.status, StatusCode::SEE_OTHER);
}

const DECLARED: [(&str, &str); 5] =
    [("causa", "Guasto"), ("giorno.giorno", "1"), ("giorno.mese", "3"), ("giorno.anno", "2026"), ("ora", "09:00")];

/// What stood on paper while the register could not be used.
fn paper(digest: &str) -> [(&'static str, &str); 12] {
    [
        ("numero", "1"),
        ("giorno.giorno", "1"),
        ("giorno.mese", "3"),
        ("giorno.anno", "2026"),
        ("ora", "10:15"),
        ("verso", "in"),
        ("mezzo", "counter"),
        ("nome", "Maria Dimostrativa"),
        ("codice", MARIA),
        ("oggetto", "Domanda a mano"),
        ("documento", "domanda.pdf"),
        ("impronta", digest),
    ]
}

#[tokio::test]
async fn an_emergency_invents_nothing_that_was_left_out() {
    let house = at_work().await;
    let mut rosa = officer(&house, "rosa").await;
    let (mut long_ago, mut without) = (DECLARED.to_vec(), DECLARED.to_vec());
    long_ago[3].1 = "1800";
    without.push(("provvedimento", "x"));
    for (wrong, told) in [(long_ago, "È più di un anno fa"), (without, "Scrivi numero e data del provvedimento")] {
        let again = rosa.post(EMERGENCIES, &wrong).await.text();
        assert!(again.contains(told), "{again}");
    }
    let place = rosa.post(EMERGENCIES, &DECLARED).await.location().to_owned();
    let twice = rosa.post(EMERGENCIES, &DECLARED).await.text();
    assert!(twice.contains("C’è già un’emergenza con questo inizio"), "{twice}");
    let digest = "0f".repeat(32);
    let mut unsaid = paper(&digest);
    (unsaid[5].1, unsaid[6].1, unsaid[7].1) = ("", "", "");
    let unsaid = rosa.post(&place, &unsaid).await.text();
    for told in ["Verso: Scegli una voce", "Mezzo: Scegli una voce", "Mittente o destinatario: Compila"] {
        assert!(unsaid.contains(told), "{told}: {unsaid}");
    }
    let mut ahead = paper(&digest).to_vec();
    let sender = [("mittente", "77/2030"), ("mittente_data.giorno", "2"), ("mittente_data.mese", "1")];
    ahead.extend(sender.into_iter().chain([("mittente_data.anno", "2030")]));
    assert!(rosa.post(&place, &ahead).await.text().contains("Non può essere nel futuro"));
}

#[tokio::test]
async fn what_was_registered_in_an_emergency_gets_its_number_and_keeps_the_other() {
    let house = at_work().await;
    let declared = DECLARED;
    let mut olga = officer(&house, "olga").await;
    assert_eq!(olga.post(EMERGENCIES, &declared).await.status, StatusCode::FORBIDDEN);
    let mut rosa = officer(&house, "rosa").await;
    let mut future = declared;
    future[2].1 = "4";
    assert!(rosa.post(EMERGENCIES, &future).await.text().contains("Non può essere nel futuro"));
    let place = rosa.post(EMERGENCIES, &declared).await.location().to_owned();
    assert!(place.starts_with(EMERGENCIES), "{place}");

    let digest = "0f".repeat(32);
    let paper = paper(&digest);
    let entered = olga.post(&place, &paper).await;
    assert_eq!(entered.location(), FIRST, "{}", entered.text());
    let again = olga.post(&place, &paper).await.text();
    assert!(again.contains("è già stato inserito"), "{again}");
    let mut late = paper;
    (late[0].1, late[1].1, late[4].1) = ("2", "2", "09:30");
    assert!(olga.post(&place, &late).await.text().contains("in cui il registro di emergenza era ammesso"), "24 hours");
    let act = [("provvedimento", "Determina 2 del 2 marzo 2026")];
    assert_eq!(rosa.post(&format!("{place}/provvedimento"), &act).await.location(), place);
    assert_eq!(olga.post(&place, &late).await.location(), "/ufficio/protocollo/2026/2", "with the act");
    let end = [("fine.giorno", "2"), ("fine.mese", "3"), ("fine.anno", "2026"), ("fine_ora", "9:45")];
    assert_eq!(rosa.post(&format!("{place}/ripristino"), &end).await.location(), place);
    for (button, form, told) in
        [("ripristino", &end[..], "era già registrato"), ("provvedimento", &act, "Un provvedimento era già")]
    {
        assert_eq!(rosa.post(&format!("{place}/{button}"), form).await.location(), place);
        let page = rosa.get(&place).await.text();
        assert!(page.contains(told), "what was stated first stays: {page}");
    }
    let page = olga.get(FIRST).await.text();
    assert!(
        page.contains("n. 1, registrata il 1 marzo 2026, ore 10:15")
            || page.contains("n. 1, registrata il 1º marzo 2026"),
        "{page}"
    );
    let segnatura = olga.get(&format!("{FIRST}/segnatura.xml")).await.text();
    assert!(segnatura.contains("registro di emergenza n. 1"), "{segnatura}");
    let wrong = [("numero", "0"), ("codice", "X"), ("impronta", "zz"), ("ora", "25:00")];
    assert_eq!(olga.post(&place, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&house, "SELECT last AS n FROM protocol_registers").await, 2, "what was refused took no number");
}

#[tokio::test]
async fn daily_registers_are_listed_and_given_to_the_head() {
    let house = at_work().await;
    house.register().await;
    house.clock.advance(jiff::SignedDuration::from_hours(24));
    house.daily().make_due().await.unwrap();
    let file = format!("{LIST}/giornaliero/2026-03-02/1.xml");
    let mut olga = officer(&house, "olga").await;
    assert!(olga.get(&format!("{LIST}/giornaliero")).await.text().contains("2 marzo 2026"));
    assert_eq!(olga.get(&file).await.status, StatusCode::FORBIDDEN);
    let mut rosa = officer(&house, "rosa").await;
    let given = rosa.get(&file).await;
    assert!(verify_file(&given.body, house.seal.certificate(), base::Language::German).sound);
    assert_eq!(count(&house, "SELECT count(*) AS n FROM data_listings").await, 1, "Maria will know");
    assert_eq!(rosa.get(&format!("{LIST}/giornaliero/2026-03-02/2.xml")).await.status, StatusCode::NOT_FOUND);
}

/// The day of Maria (number 1) and of `LUCA` (number 2) as two files.
const TWO_PARTS: [&str; 2] = [
    "INSERT INTO protocol_days SELECT office, day, 2, 2, 1, changes, 2, 2, sha256, sha256, bytes, made_at \
        FROM protocol_days",
    "UPDATE protocol_days SET last_part = 2, entries = 1, last_number = 1 WHERE part = 1",
];

#[tokio::test]
async fn only_those_whom_a_file_names_are_told_that_it_was_read() {
    let house = at_work().await;
    house.register().await;
    let mut tx = house.database.begin().await.unwrap();
    let mut luca = incoming(&next_number(&mut tx, OFFICE, house.clock.now()).await.unwrap());
    luca.correspondent.code = LUCA.to_owned();
    protocol::register(&mut tx, &luca).await.unwrap();
    tx.commit().await.unwrap();
    house.clock.advance(jiff::SignedDuration::from_hours(24));
    house.daily().make_due().await.unwrap();
    let mut tx = house.database.begin().await.unwrap();
    for sql in TWO_PARTS {
        tx.execute(sql, &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut rosa = officer(&house, "rosa").await;
    for (part, told) in [(1, 1), (2, 2)] {
        let file = rosa.get(&format!("{LIST}/giornaliero/2026-03-02/{part}.xml")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(count(&house, "SELECT count(*) AS n FROM data_listings").await, told, "after part {part}");
    }
}

#[tokio::test]
async fn no_part_of_a_large_day_is_missing_from_the_list() {
    let house = at_work().await;
    house.register().await;
    house.clock.advance(jiff::SignedDuration::from_hours(24));
    house.daily().make_due().await.unwrap();
    let more = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 70) \
        INSERT INTO protocol_days SELECT office, day, i, 70, entries, changes, first_number, last_number, sha256, \
            sha256, bytes, made_at FROM protocol_days, n";
    let mut tx = house.database.begin().await.unwrap();
    tx.execute(more, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let mut rosa = officer(&house, "rosa").await;
    let files = |text: &str| text.matches("/giornaliero/2026-03-02/").count();
    let first = rosa.get(&format!("{LIST}/giornaliero")).await.text();
    let older = first.split("href=\"").find_map(|rest| rest.split('"').next().filter(|href| href.contains("prima=")));
    let rest = rosa.get(older.expect("a link to older files")).await.text();
    assert_eq!((files(&first), files(&rest)), (60, 10));
}

#[tokio::test]
async fn what_was_typed_when_the_session_expired_is_there_after_the_login() {
    let house = at_work().await;
    house.register().await;
    let mut rosa = officer(&house, "rosa").await;
    let day = [("giorno.giorno", "1"), ("giorno.mese", "3"), ("giorno.anno", "2026"), ("ora", "09:00")];
    let declared = [&[("causa", "Un guasto alla rete")][..], &day].concat();
    let emergency = rosa.post(EMERGENCIES, &declared).await.location().to_owned();
    let annul = format!("{FIRST}/annulla");
    let forms = [
        (annul.as_str(), [("motivo", "Registrata due volte"), ("provvedimento", "")]),
        (EMERGENCIES, [("causa", "Un altro guasto"), ("provvedimento", "")]),
        (&emergency, [("oggetto", "Domanda a mano"), ("nome", "")]),
    ];
    house.clock.advance(jiff::SignedDuration::from_hours(24));
    for (place, form) in &forms {
        assert!(rosa.clone().post(place, form).await.location().contains("scaduta=1"), "{place}");
    }
    for button in ["ripristino", "provvedimento"] {
        let place = format!("{emergency}/{button}");
        assert_eq!(rosa.get(&place).await.location(), emergency, "who logs in comes back by GET");
    }
    rosa.post("/entra", &[("chi", "rosa")]).await;
    for (place, form) in &forms {
        let page = rosa.get(place).await.text();
        assert!(page.contains(form[0].1), "{place}: {page}");
    }
}
