//! The room through its door: HTTP requests against the whole frame, on a real SQLite file.

/// Who we are, whatever a test declares besides.
macro_rules! organisation {
    () => {
        r#"
    [organisation]
    name = "Ente di prova"
    url = "https://www.prova.example"
    ipa_code = "c_x000"
    locality = "Prova"
    municipality = "H501"
    province = "RM"
    email = "spid@prova.example"
    phone = "+390600000000"
"#
    };
}

mod access;
mod authenticator;
mod cards;
mod citizens;
mod employer;
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
