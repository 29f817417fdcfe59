//! The room through its door: HTTP requests against the whole frame, on a real SQLite file.

mod access;
mod authenticator;
mod cards;
mod citizens;
mod federations;
mod house;
mod identities;
mod officials;
mod openid;
mod passkeys;
mod provider;
mod second_proof;
mod setup;

#[test]
fn words_agree_in_three_languages() {
    let wrong = web::words::check(&identity::WORDS, tidy::room(), &[&web::WORDS]);
    assert_eq!(wrong, Vec::<String>::new());
}
