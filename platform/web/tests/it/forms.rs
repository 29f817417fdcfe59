use axum::{
    body::Body,
    http::{StatusCode, header},
};

use web::testing::Reply;

use crate::house::{House, request};

async fn multipart(house: &House, path: &str, parts: &[(&str, &str)]) -> Reply {
    let mut body = String::new();
    for (head, content) in parts {
        body.push_str(&format!("--limite\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n"));
    }
    body.push_str("--limite--\r\n");
    let request = request("POST", path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=limite");
    house.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn fields_keep_their_order_and_their_doubles() {
    let reply = House::new().await.post("/eco", "", "figli=1&figli=2&nota=a%20b").await;
    assert_eq!(reply.text(), r#"[("figli", "1"), ("figli", "2"), ("nota", "a b")] []"#);
}

#[tokio::test]
async fn files_are_typed_by_content_and_named_harmlessly() {
    let house = House::new().await;
    let parts = [
        ("name=\"nota\"", "ciao"),
        ("name=\"a\"; filename=\"../../x.pdf\"", "%PDF-1.7 …"),
        ("name=\"b\"; filename=\"foto.png\"", "<script>"),
        ("name=\"c\"; filename=\"\"", ""),
    ];
    let reply = multipart(&house, "/file", &parts).await;
    assert_eq!(reply.text(), r#"[("nota", "ciao")] [("a", "x.pdf", Pdf, 12), ("b", "foto.png", Other, 8)]"#);
}

#[tokio::test]
async fn what_no_database_keeps_alike_is_refused() {
    let house = House::new().await;
    assert_eq!(house.post("/eco", "", "nota=a%00b").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(multipart(&house, "/file", &[("name=\"nota\"", "a\0b")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(house.get("/?q=a%00b", "").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(house.post("/eco", "", "nota=a%200").await.text(), r#"[("nota", "a 0")] []"#);
}

#[tokio::test]
async fn sizes_are_bounded_by_the_route() {
    let house = House::new().await;
    let big = "x".repeat(100_000);
    let parts = [("name=\"a\"; filename=\"a.bin\"", big.as_str())];
    assert_eq!(multipart(&house, "/file", &parts).await.status, StatusCode::OK);
    assert_eq!(multipart(&house, "/eco", &parts).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let many: Vec<_> = (0..11).map(|_| ("name=\"a\"; filename=\"a.bin\"", "x")).collect();
    assert_eq!(multipart(&house, "/file", &many).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let fields = "a=1&".repeat(501);
    assert_eq!(house.post("/eco", "", &fields).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn nonsense_is_a_bad_request() {
    let house = House::new().await;
    let broken = request("POST", "/file").header(header::CONTENT_TYPE, "multipart/form-data; boundary=limite");
    let reply = house.send(broken.body(Body::from("--limite\r\nnonsense")).unwrap()).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let untyped = house.send(request("POST", "/eco").body(Body::from("a=1")).unwrap()).await;
    assert_eq!(untyped.status, StatusCode::BAD_REQUEST);
}
