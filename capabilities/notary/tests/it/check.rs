//! The pages for everybody.

use axum::http::StatusCode;

use crate::house::{House, LUCA, MARIA};

#[test]
fn words_are_whole() {
    let others = [&web::WORDS, &cases::WORDS];
    assert_eq!(web::words::check(&notary::WORDS, tidy::room(), &others), Vec::<String>::new());
}

#[tokio::test]
async fn the_check_page_fits_the_policy() {
    let house = House::new().await;
    let page = house.get("/verifica").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    let text = page.text();
    assert!(text.contains(&format!("content=\"{}\"", house.notary.verifier())));
    assert!(!text.contains("<style") && !text.contains(" style=") && !text.contains("<script>"));
    for (address, media_type) in [("controllo.js", "text/javascript"), ("controllo.css", "text/css")] {
        let begin = text.find(&format!("/verifica/{address}?v=")).expect("the page links it");
        let path = text[begin..].split('"').next().unwrap();
        let asset = house.get(path).await;
        assert!(asset.header("content-type").starts_with(media_type));
        assert_eq!(asset.header("cache-control"), "public, max-age=86400");
        assert!(!asset.body.is_empty());
    }
}

#[tokio::test]
async fn the_page_to_download_carries_this_log_s_key() {
    let house = House::new().await;
    let page = house.get("/verifica/pagina").await;
    assert!(page.header("content-disposition").starts_with("attachment; filename=\"verifica-ricevute.html\""));
    let text = page.text();
    let key = format!("<meta name=\"sportello-log-key\" content=\"{}\">", house.notary.verifier());
    assert!(text.contains(&key) && text.contains("function verifyReceipt") && !text.contains("src=\"/"));
}

#[tokio::test]
async fn the_code_on_paper_leads_to_the_act_and_to_nothing_personal() {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    let document = house.issue_letter(act.case, b"%PDF-1.7 ricevuta").await;
    let digest = hex::encode(act.digest);
    for path in [
        format!("/verifica/0/{}", &digest[..16]),
        format!("/verifica/0/{}", digest.to_uppercase()),
        format!("/verifica/documento/{document}"),
    ] {
        let reply = house.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        let text = reply.text();
        assert!(text.contains("L’atto è nel registro") && text.contains("Istanza generica"), "{path}");
        assert!(text.contains("2 marzo 2026") && text.contains("Ufficio dimostrativo"), "{path}");
        for personal in [MARIA, LUCA, "Maria", "Dimostrativa", "Inventata", &act.case.to_string()] {
            assert!(!text.contains(personal), "{path} tells {personal}");
        }
    }
    assert!(house.get(&format!("/verifica/documento/{document}")).await.text().contains("Ricevuta di presentazione"));
    assert!(house.get("/registro/checkpoint").await.text().contains("\n2\n"), "the log has grown by asking");
}

#[tokio::test]
async fn what_does_not_fit_is_not_found_with_advice() {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    let digest = hex::encode(act.digest);
    for path in [
        format!("/verifica/0/{}", &digest[..15]),
        format!("/verifica/1/{digest}"),
        format!("/verifica/-1/{digest}"),
        format!("/verifica/x/{digest}"),
        format!("/verifica/0/{digest}0"),
        format!("/verifica/0/{}", "0".repeat(64)),
        "/verifica/0/zzzzzzzzzzzzzzzz".to_owned(),
        "/verifica/documento/x".to_owned(),
        format!("/verifica/documento/{}", act.case),
    ] {
        let reply = house.get(&path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(reply.text().contains("Non risulta") && reply.text().contains("Che cosa puoi fare"), "{path}");
    }
}

#[tokio::test]
async fn an_erased_act_is_still_found() {
    let house = House::new().await;
    let act = house.file(MARIA).await;
    house.tamper("DELETE FROM act_contents").await;
    let reply = house.get(&format!("/verifica/0/{}", hex::encode(act.digest))).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.text().contains("Domanda presentata"));
}

#[tokio::test]
async fn an_act_that_was_changed_is_not_called_recorded() {
    let zeros = [vec![0u8; 64].into()];
    for (change, params) in [
        ("UPDATE act_contents SET content = replace(content, 'generica', 'speciale')", [].as_slice()),
        ("UPDATE log_tiles SET bytes = $1", &zeros),
    ] {
        let house = House::new().await;
        house.write_acts(1).await;
        let act = house.file(MARIA).await;
        house.follow().await;
        house.tamper_with(change, params).await;
        let reply = house.get(&format!("/verifica/1/{}", hex::encode(act.digest))).await;
        assert!(reply.text().contains("Qualcosa non torna") && !reply.text().contains("è nel registro"), "{change}");
    }
}
