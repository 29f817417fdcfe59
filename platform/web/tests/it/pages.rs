use axum::http::StatusCode;

use crate::house::House;

#[test]
fn words_agree_in_three_languages_and_are_all_used() {
    assert_eq!(web::words::check(&web::WORDS, tidy::room(), &[]), Vec::<String>::new());
}

#[tokio::test]
async fn the_gallery_shows_every_component() {
    let house = House::new().await;
    let reply = house.get("/stile", "").await;
    assert_eq!(reply.status, StatusCode::OK);
    for class in [
        "sp-summary",
        "sp-field",
        "sp-steps",
        "sp-callout",
        "sp-badge",
        "sp-facts",
        "sp-cards",
        "sp-timeline",
        "sp-table",
        "sp-pages",
        "sp-panel",
        "sp-details",
    ] {
        assert!(reply.text().contains(class), "{class}");
    }
}

#[tokio::test]
async fn pages_hold_nothing_that_the_policy_forbids() {
    let body = House::new().await.get("/stile", "").await.text();
    for forbidden in ["<script", " style=", " onclick=", "javascript:"] {
        assert!(!body.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn every_identifier_is_unique_and_every_reference_leads_somewhere() {
    let body = House::new().await.get("/stile", "").await.text();
    let values = |attribute: &str| -> Vec<String> {
        body.split(&format!(" {attribute}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let mut ids = values("id");
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "an identifier is doubled");
    let references = ["for", "aria-labelledby", "aria-describedby"].into_iter().flat_map(values);
    let links = values("href").into_iter().filter_map(|href| Some(href.strip_prefix('#')?.to_owned()));
    for reference in references.flat_map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>()).chain(links) {
        assert!(ids.contains(&reference), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn a_message_is_shown_once_on_the_next_page() {
    let house = House::new().await;
    let left = house.get("/avviso", "").await.cookie("sportello-avviso");
    let shown = house.get("/stile", &left).await;
    assert!(shown.text().contains("role=\"status\""));
    assert_eq!(shown.cookie("sportello-avviso"), "sportello-avviso=");
    let forged = house.get("/stile", "sportello-avviso=<b>ciao").await;
    assert!(!forged.text().contains("ciao"), "only words of ours are shown");
}

#[tokio::test]
async fn the_gallery_is_not_for_production() {
    let house = House::with(|settings| settings.mode = web::Mode::Production).await;
    assert_eq!(house.get("/stile", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_header_names_the_person() {
    let house = House::new().await;
    let cookie = house.login("").await;
    let body = house.get("/stile", &cookie).await.text();
    assert!(body.contains("Maria Dimostrativa") && body.contains("action=\"/esci\""));
    assert!(!house.get("/stile", "").await.text().contains("action=\"/esci\""));
}

#[tokio::test]
async fn the_language_menu_keeps_the_page_and_its_query() {
    let body = House::new().await.get("/stile?pagina=2&lingua=en", "").await.text();
    assert!(body.contains("href=\"/stile?pagina=2&#38;lingua=de\""), "{body}");
}

#[tokio::test]
async fn files_are_kept_for_ever_under_their_present_address() {
    let house = House::new().await;
    assert!(web::assets::complete(), "run `make assets` first");
    let reply = house.get(&web::assets::url("sportello.css"), "").await;
    assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(house.get("/static/0/sportello.css", "").await.header("cache-control"), "no-cache");
    assert_eq!(house.get("/static/0/../Cargo.toml", "").await.status, StatusCode::NOT_FOUND);
}
