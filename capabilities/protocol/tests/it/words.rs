#[test]
fn words_agree_in_three_languages() {
    assert_eq!(web::words::check(&protocol::WORDS, tidy::room(), &[&web::WORDS]), Vec::<String>::new());
}
