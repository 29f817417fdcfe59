#[test]
fn words_agree_in_three_languages() {
    let others = [&web::WORDS, &identity::WORDS, &catalogue::WORDS];
    assert_eq!(web::words::check(&consents::WORDS, tidy::room(), &others), Vec::<String>::new());
}
