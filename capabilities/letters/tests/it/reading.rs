//! Letters on the screen, over HTTP: who may read them, what is written down.

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, Request, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use base::{Clock, Language};
use http_body_util::BodyExt;
use identity::NewStaff;
use serde_json::json;
use tower::ServiceExt;
use web::{Answer, Door, Mode, NewSession, Settings, Visit, Web, Words};

use crate::office::{CASE, Office};

const MARIA: &str = "citizen/PRVMRA85A41H501V";

/// A house with one letter in it, seen through a browser.
struct House {
    office: Office,
    router: Router,
}

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl House {
    async fn with_a_receipt() -> Self {
        Self::of(Office::open().await).await
    }

    async fn of(office: Office) -> Self {
        office.apply("assegno-unico").await;
        office.work().await;
        for (id, unit) in [("ugo.prova", "famiglia"), ("altro.ufficio", "relazioni")] {
            let new = NewStaff {
                id: id.to_owned(),
                name: "Ugo Prova".to_owned(),
                office: unit.to_owned(),
                roles: vec!["operator".to_owned()],
                password: "prova-prova-prova".to_owned(),
            };
            let mut tx = office.database.begin().await.unwrap();
            identity::create_staff(&mut tx, &*office.chance, office.clock.now(), new).await.unwrap();
            tx.commit().await.unwrap();
        }
        let words = Words::merge(&[web::WORDS, identity::WORDS, letters::WORDS]).unwrap();
        let settings = Settings::new("http://localhost:8080", Mode::Demo);
        let web = Web::new(office.database.clone(), office.clock.clone(), office.chance.clone(), settings, words);
        let routes = letters::routes(office.catalogue.clone()).route("/entra/{door}/{subject}", get(enter));
        Self { office, router: web::frame(routes, web) }
    }

    /// A path as somebody sees it; `who` is a door and a subject, or nothing for a stranger.
    async fn get(&self, who: &str, path: &str) -> Got {
        let cookie = if who.is_empty() { String::new() } else { self.cookie(who).await };
        self.ask(path, &cookie).await
    }

    async fn refusals(&self, who: &str) -> i64 {
        let mut tx = self.office.database.read().await.unwrap();
        identity::refusals_since(&mut tx, who, base::Timestamp::MIN).await.unwrap()
    }

    async fn post(&self, who: &str, path: &str, form: &str) -> StatusCode {
        let request = Request::post(path).header("host", "localhost:8080").header("origin", "http://localhost:8080");
        let request = request.header(header::COOKIE, self.cookie(who).await);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from(form.to_owned())).unwrap();
        self.router.clone().oneshot(request).await.unwrap().status()
    }

    async fn cookie(&self, who: &str) -> String {
        let entered = self.ask(&format!("/entra/{who}"), "").await;
        let cookie = entered.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn ask(&self, path: &str, cookie: &str) -> Got {
        let request = Request::get(path).header("host", "localhost:8080").header(header::COOKIE, cookie);
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        Got { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes().to_vec() }
    }
}

/// The login that these tests need; the real one is the identity room's own business.
async fn enter(visit: Visit, Path((door, subject)): Path<(String, String)>) -> Answer {
    let door = if door == "citizen" { Door::Citizen } else { Door::Staff };
    let name = json!({ "surname": "Prova", "given": "Maria" });
    let data = json!({ "name": name, "born": null, "provider": "prova", "name_id": "x", "session_index": null });
    let new = NewSession { subject, name: "Maria Prova".to_owned(), door, level: 2, data };
    let mut tx = visit.web.database().begin().await?;
    let cookie = web::sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, "").into_response())
}

fn letter(name: &str) -> String {
    format!("/pratiche/{CASE}/comunicazioni/{name}")
}

#[tokio::test]
async fn the_applicant_reads_and_saves_the_letter() {
    let house = House::with_a_receipt().await;
    let page = house.get(MARIA, &letter("2")).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = String::from_utf8(page.body).unwrap();
    for part in ["<article class=\"sp-letter\" lang=\"it\">", "Ricevuta della domanda", "comunicazioni/2.pdf"] {
        assert!(html.contains(part), "{part}");
    }
    assert!(html.matches("<h1").count() == 1, "one heading of level 1");
    let file = house.get(MARIA, &letter("1.pdf")).await;
    assert_eq!(file.body, house.office.pdf(1).await);
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/pdf");
    let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"ricevuta-0000123-2026.pdf\""), "{disposition}");
    for headers in [page.headers, file.headers] {
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
}

#[tokio::test]
async fn nobody_else_learns_that_there_is_a_letter() {
    let house = House::with_a_receipt().await;
    for name in ["2", "2.pdf", "1", "7", "tre", "2.exe"] {
        let stranger = house.get("", &letter(name)).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER, "to the login");
        let other = house.get("citizen/VRDLGU80A01H501Q", &letter(name)).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{name}");
        let official = house.get("staff/altro.ufficio", &format!("/ufficio{}", letter(name))).await;
        assert_eq!(official.status, StatusCode::NOT_FOUND, "{name}");
        let wrong_door = house.get(MARIA, &format!("/ufficio{}", letter(name))).await;
        assert_eq!(wrong_door.status, StatusCode::SEE_OTHER, "{name}");
    }
    let mut tx = house.office.database.read().await.unwrap();
    assert_eq!(letters::of_case(&mut tx, CASE).await.unwrap()[0].read_at, None);
    assert_eq!(tx.number("SELECT count(*) AS n FROM data_reads", &[]).await.unwrap(), 0);
}

#[tokio::test]
async fn the_first_opening_by_the_applicant_is_noted() {
    let house = House::with_a_receipt().await;
    let opened = house.office.clock.now();
    house.get(MARIA, &letter("2.pdf")).await;
    house.office.clock.advance(jiff::SignedDuration::from_mins(5));
    house.get(MARIA, &letter("2")).await;
    let mut tx = house.office.database.read().await.unwrap();
    assert_eq!(letters::of_case(&mut tx, CASE).await.unwrap()[0].read_at, Some(opened));
}

#[tokio::test]
async fn an_official_reads_it_and_the_person_will_know() {
    let house = House::with_a_receipt().await;
    let page = house.get("staff/ugo.prova", &format!("/ufficio{}", letter("2"))).await;
    assert_eq!(page.status, StatusCode::OK);
    let mut tx = house.office.database.read().await.unwrap();
    assert_eq!(tx.number("SELECT count(*) AS n FROM data_reads", &[]).await.unwrap(), 1);
    assert_eq!(
        letters::of_case(&mut tx, CASE).await.unwrap()[0].read_at,
        None,
        "an official's reading is not the person's"
    );
}

#[tokio::test]
async fn attempts_on_letters_of_others_are_written_down() {
    let house = House::with_a_receipt().await;
    house.get("citizen/VRDLGU80A01H501Q", &letter("2")).await;
    house.get("citizen/VRDLGU80A01H501Q", &letter("tre")).await;
    house.get("staff/altro.ufficio", &format!("/ufficio{}", letter("2.pdf"))).await;
    house.get(MARIA, &letter("2")).await;
    // Written beside the request: given a moment.
    for _ in 0..200 {
        if house.refusals("VRDLGU80A01H501Q").await + house.refusals("altro.ufficio").await == 3 {
            break;
        }
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!((house.refusals("VRDLGU80A01H501Q").await, house.refusals("altro.ufficio").await), (2, 1));
    assert_eq!(house.refusals("PRVMRA85A41H501V").await, 0, "who opens an own letter is not suspected");
}

#[tokio::test]
async fn an_office_sees_what_did_not_go_out_and_tries_again() {
    let broken = "+++\ntitle = \"x\"\nfor_act = \"withdrawn\"\n+++\n\n{{ inventato }}\n";
    let mut office = Office::open().await;
    let whole = office.rewrite("assegno-unico", "letters/ritiro.md", broken).await;
    let mut house = House::of(office).await;
    let office = &house.office;
    office.write("withdrawn", json!({ "text": "" })).await;
    assert_eq!(office.work().await, 0);
    let place = "/ufficio/comunicazioni";
    let page = String::from_utf8(house.get("staff/ugo.prova", place).await.body).unwrap();
    for part in [
        "Conferma del ritiro",
        "Protocollo FAMGEN 0000123/2026",
        "il modello del servizio contiene un errore",
        "ritiro.md:6",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("PRVMRA85A41H501V"), "it names nobody: nothing to record");
    let elsewhere = String::from_utf8(house.get("staff/altro.ufficio", place).await.body).unwrap();
    assert!(elsewhere.contains("Sono partite tutte"), "only one's own office's");

    house.office.rewrite("assegno-unico", "letters/ritiro.md", &whole).await;
    let office = &house.office;
    let form = format!("pratica={CASE}&atto=3");
    assert_eq!(house.post("staff/altro.ufficio", place, &form).await, StatusCode::SEE_OTHER);
    assert_eq!(office.work().await, 0, "nobody tries again what is not theirs");
    assert_eq!(house.post("staff/ugo.prova", place, &form).await, StatusCode::SEE_OTHER);
    assert_eq!(office.work().await, 1);
    let page = String::from_utf8(house.get("staff/ugo.prova", place).await.body).unwrap();
    assert!(page.contains("Sono partite tutte"));
}

#[tokio::test]
async fn the_office_that_has_the_case_now_sees_what_did_not_go_out() {
    let broken = "+++\ntitle = \"x\"\nfor_act = \"withdrawn\"\n+++\n\n{{ inventato }}\n";
    let mut office = Office::open().await;
    office.rewrite("assegno-unico", "letters/ritiro.md", broken).await;
    let house = House::of(office).await;
    let office = &house.office;
    office.write("withdrawn", json!({ "text": "" })).await;
    office.work().await;
    let passed = json!({
        "from": "famiglia", "from_name": "Ufficio Famiglia", "to": "relazioni", "to_name": "Ufficio Relazioni",
        "responsible": "Rosa Inventata", "reason": "Altra materia.", "due": "2026-04-08", "anew": true,
    });
    office.write("passed-on", passed).await;
    office.work().await;
    let place = "/ufficio/comunicazioni";
    let before = String::from_utf8(house.get("staff/ugo.prova", place).await.body).unwrap();
    let now = String::from_utf8(house.get("staff/altro.ufficio", place).await.body).unwrap();
    assert!(before.contains("Sono partite tutte") && now.contains("ritiro.md:6"), "{before} {now}");
}

#[test]
fn words_agree_in_three_languages() {
    let wrong = web::words::check(&letters::WORDS, tidy::room(), &[&web::WORDS, &identity::WORDS]);
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(Language::ALL.len(), letters::WORDS.texts.len());
}
