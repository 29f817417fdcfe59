//! Codes of an app and recovery codes, in production and in a demonstration.

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use data_encoding::BASE32_NOPAD;
use web::Mode;

use crate::house::{Browser, House, PASSWORD, Reply};

const ENROL: &str = "/ufficio/accesso/attiva";
const SECOND: &str = "/ufficio/accesso/secondo";
const SECURITY: &str = "/ufficio/sicurezza";

/// What an app shows, so many seconds from now.
fn shown(house: &House, secret: &str, later: i64) -> String {
    let secret = BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).unwrap();
    let step = (base::Clock::now(&*house.clock).as_second() + later) / 30;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret), &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[at..at + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// Sets up an app in a browser that may; gives its secret and the recovery codes.
async fn set_up(house: &House, browser: &mut Browser<'_>) -> (String, Vec<String>) {
    let page = browser.get(ENROL).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.location);
    assert!(page.body.contains("src=\"data:image/svg+xml;base64,"), "a picture without a script");
    let secret = page.codes().remove(0);
    let fields = [("segreto", &*page.hidden("segreto")), ("codice", &*shown(house, &secret, 0))];
    let done = browser.post(ENROL, &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    (secret, done.codes())
}

async fn prove(browser: &mut Browser<'_>, code: &str) -> Reply {
    browser.post(SECOND, &[("codice", code)]).await
}

/// Whether the pages of the office open.
async fn inside(browser: &mut Browser<'_>) -> bool {
    browser.get("/ufficio/prova").await.status == StatusCode::OK
}

#[tokio::test]
async fn in_production_nobody_comes_in_with_a_password_alone() {
    let house = House::in_mode(Mode::Production).await;
    let mut browser = house.browser();
    let known = browser.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(known.location, ENROL);
    assert!(!inside(&mut browser).await);
    let page = browser.get(ENROL).await;
    assert!(!page.body.contains("action=\"/esci\""), "nobody is called logged in");
    assert_eq!(browser.get(SECURITY).await.location, format!("/ufficio/accesso?ritorno={SECURITY}"));

    let half = browser.jar["sportello"].clone();
    let (_, codes) = set_up(&house, &mut browser).await;
    assert_eq!(codes.len(), 10);
    assert_ne!(browser.jar["sportello"], half, "the session begins anew");
    assert!(browser.get("/ufficio/prova").await.body.contains("livello 2"));
}

#[tokio::test]
async fn a_session_from_before_the_second_proof_is_worth_nothing_in_production() {
    let house = House::in_mode(Mode::Production).await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    set_up(&house, &mut browser).await;
    assert!(inside(&mut browser).await);
    house.execute("UPDATE web_sessions SET level = 1").await;
    assert!(!inside(&mut browser).await);
}

#[tokio::test]
async fn a_code_opens_around_its_time_and_once() {
    let house = House::new().await;
    let (secret, _) = set_up(&house, &mut logged_in(&house).await).await;
    let mut browser = house.browser();
    assert_eq!(browser.login_officer("ugo.prova", PASSWORD).await.location, SECOND);
    assert!(!inside(&mut browser).await);
    let used = shown(&house, &secret, 0);
    assert_eq!(prove(&mut browser, &used).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it set the app up");
    house.pass(30);
    let now = shown(&house, &secret, 0);
    let spaced = format!(" {} {} ", &now[..3], &now[3..]);
    assert_eq!(prove(&mut browser, &spaced).await.location, "/ufficio/prova");
    assert!(inside(&mut browser).await);

    let mut other = house.browser();
    other.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(prove(&mut other, &now).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it was used");
    assert_eq!(prove(&mut other, &shown(&house, &secret, 30)).await.status, StatusCode::SEE_OTHER, "a clock ahead");
}

async fn logged_in(house: &House) -> Browser<'_> {
    let mut browser = house.browser();
    assert_eq!(browser.login_officer("ugo.prova", PASSWORD).await.location, "/ufficio/prova");
    browser
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    let house = House::new().await;
    let mut browser = logged_in(&house).await;
    let (_, codes) = set_up(&house, &mut browser).await;
    for (code, good) in [(&codes[3], true), (&codes[3], false), (&codes[4].to_uppercase(), true)] {
        let mut browser = house.browser();
        browser.login_officer("ugo.prova", PASSWORD).await;
        assert_eq!(prove(&mut browser, code).await.status == StatusCode::SEE_OTHER, good, "{code}");
    }
    assert!(browser.get(SECURITY).await.body.contains("Ne restano 8"));
    let renewed = browser.post("/ufficio/sicurezza/codici", &[]).await.codes();
    let mut other = house.browser();
    other.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(prove(&mut other, &codes[5]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "those before are void");
    assert_eq!(prove(&mut other, &renewed[0]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_codes_becomes_slow_wherever_it_is_done() {
    let house = House::new().await;
    let (secret, _) = set_up(&house, &mut logged_in(&house).await).await;
    house.pass(60);
    let mut guesser = house.browser();
    guesser.login_officer("ugo.prova", PASSWORD).await;
    for place in 0..5 {
        guesser.address = [198, 51, 100, place];
        assert_eq!(prove(&mut guesser, "000000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    guesser.address = [198, 51, 100, 77];
    let barred = prove(&mut guesser, &shown(&house, &secret, 0)).await;
    assert_eq!(barred.status, StatusCode::TOO_MANY_REQUESTS, "even the right code waits");
    assert!(barred.body.contains("puoi riprovare tra 30 secondi"), "{}", barred.body);
    house.pass(31);
    assert_eq!(prove(&mut guesser, &shown(&house, &secret, 0)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_present_password_is_not_guessed_inside() {
    let house = House::new().await;
    let mut browser = logged_in(&house).await;
    let place = "/ufficio/sicurezza/password";
    let guess = async |browser: &mut Browser<'_>, typed: &str| {
        let fields = [("attuale", typed), ("nuova", "tutta un’altra cosa"), ("ripetuta", "tutta un’altra cosa")];
        browser.post(place, &fields).await
    };
    for _ in 0..5 {
        assert!(guess(&mut browser, "forse questa").await.body.contains("non è questa"));
    }
    let barred = guess(&mut browser, PASSWORD).await;
    assert_eq!(barred.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(barred.body.contains("puoi riprovare tra 30 secondi"), "{}", barred.body);
    house.pass(31);
    assert_eq!(guess(&mut browser, PASSWORD).await.location, SECURITY);
}

#[tokio::test]
async fn what_nobody_guesses_goes_on_opening_while_codes_are_slowed() {
    let house = House::new().await;
    let (_, codes) = set_up(&house, &mut logged_in(&house).await).await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    for _ in 0..5 {
        prove(&mut browser, "000000").await;
    }
    assert_eq!(prove(&mut browser, "000000").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(prove(&mut browser, &codes[0]).await.location, "/ufficio/prova");
}

#[tokio::test]
async fn a_threshold_is_crossed_once_however_many_come_at_once() {
    let house = House::new().await;
    let (_, codes) = set_up(&house, &mut logged_in(&house).await).await;
    let mut one = house.browser();
    one.login_officer("ugo.prova", PASSWORD).await;
    let mut other = house.browser();
    other.jar.clone_from(&one.jar);
    let (first, second) = tokio::join!(prove(&mut one, &codes[0]), prove(&mut other, &codes[1]));
    let mut places = [first.location.as_str(), second.location.as_str()];
    places.sort_unstable();
    assert_eq!(places, ["/ufficio/accesso", "/ufficio/prova"]);
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_recovery").await, 9, "the other code was not used up");
}

#[tokio::test]
async fn two_who_set_up_the_first_proof_at_once_do_not_both_arrive() {
    let house = House::in_mode(Mode::Production).await;
    let (mut own, mut thief) = (house.browser(), house.browser());
    let mut ready = Vec::new();
    for browser in [&mut own, &mut thief] {
        browser.login_officer("ugo.prova", PASSWORD).await;
        let page = browser.get(ENROL).await;
        let secret = page.codes().remove(0);
        ready.push((page.hidden("segreto"), shown(&house, &secret, 0)));
    }
    let fields = |at: usize| [("segreto", &*ready[at].0), ("codice", &*ready[at].1)];
    let (mine, theirs) = (fields(0), fields(1));
    let (first, second) = tokio::join!(own.post(ENROL, &mine), thief.post(ENROL, &theirs));
    let arrived = [&first, &second].into_iter().filter(|reply| reply.status == StatusCode::OK).count();
    assert_eq!(arrived, 1, "{} {}", first.status, second.status);
    assert_ne!(inside(&mut own).await, inside(&mut thief).await);
}

#[tokio::test]
async fn who_has_only_the_password_cannot_add_a_proof_of_his_own() {
    let house = House::in_mode(Mode::Production).await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    let own = browser.get(ENROL).await;
    let (sealed, code) = (own.hidden("segreto"), shown(&house, &own.codes()[0], 0));
    set_up(&house, &mut browser).await;

    let mut thief = house.browser();
    thief.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(thief.get(ENROL).await.location, SECOND);
    let fields = [("segreto", sealed.as_str()), ("codice", code.as_str())];
    for place in [ENROL, "/ufficio/accesso/attiva/passkey"] {
        assert_eq!(thief.post(place, &fields).await.location, SECOND, "{place}");
    }
    for place in ["/ufficio/sicurezza/codici", "/ufficio/sicurezza/togli", "/ufficio/sicurezza/password"] {
        let fields = [("nuova", "un’altra password"), ("ripetuta", "un’altra password")];
        assert_eq!(thief.post(place, &fields).await.location, SECOND, "{place}");
    }
    assert!(!inside(&mut thief).await);
}

#[tokio::test]
async fn nobody_who_has_yet_to_set_up_a_proof_changes_the_password_instead() {
    let house = House::in_mode(Mode::Production).await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    let fields = [("nuova", "un’altra password"), ("ripetuta", "un’altra password")];
    assert_eq!(browser.post("/ufficio/sicurezza/password", &fields).await.location, ENROL);
    assert!(!inside(&mut browser).await);
}

#[tokio::test]
async fn a_login_stays_half_done_for_ten_minutes() {
    let house = House::in_mode(Mode::Production).await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    house.pass(9 * 60);
    assert_eq!(browser.get(ENROL).await.status, StatusCode::OK);
    house.pass(61);
    assert_eq!(browser.get(ENROL).await.location, "/ufficio/accesso");
    house.execute("UPDATE identity_staff SET disabled = 1").await;
    let mut other = house.browser();
    assert_eq!(other.login_officer("ugo.prova", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn who_is_disabled_half_way_does_not_arrive() {
    let house = House::new().await;
    let (secret, _) = set_up(&house, &mut logged_in(&house).await).await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    house.execute("UPDATE identity_staff SET disabled = 1").await;
    house.pass(30);
    assert_eq!(prove(&mut browser, &shown(&house, &secret, 0)).await.location, "/ufficio/accesso");
    assert!(!inside(&mut browser).await);
}

#[tokio::test]
async fn ways_in_are_changed_just_after_coming_in_only() {
    let house = House::new().await;
    let mut browser = logged_in(&house).await;
    set_up(&house, &mut browser).await;
    house.pass(16 * 60);
    assert_eq!(browser.get(SECURITY).await.status, StatusCode::OK, "one may look");
    let again = format!("/ufficio/accesso?conferma=1&ritorno={SECURITY}");
    assert_eq!(browser.get(ENROL).await.location, again);
    assert_eq!(browser.post("/ufficio/sicurezza/togli", &[]).await.location, again);
    assert!(browser.get(&again).await.body.contains("devi dimostrare di nuovo chi sei"));
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_totp").await, 1);
}

#[tokio::test]
async fn a_second_proof_ends_what_was_open_with_a_password() {
    let house = House::new().await;
    let (mut one, mut other) = (logged_in(&house).await, logged_in(&house).await);
    set_up(&house, &mut one).await;
    assert!(inside(&mut one).await && !inside(&mut other).await);
}

#[tokio::test]
async fn the_last_proof_stays_where_one_is_demanded() {
    for (mode, left) in [(Mode::Production, 1), (Mode::Demo, 0)] {
        let house = House::in_mode(mode).await;
        let mut browser = house.browser();
        browser.login_officer("ugo.prova", PASSWORD).await;
        set_up(&house, &mut browser).await;
        assert_eq!(browser.post("/ufficio/sicurezza/togli", &[]).await.location, SECURITY);
        assert_eq!(house.count("SELECT count(*) AS n FROM identity_totp").await, left, "{mode:?}");
        assert_eq!(house.count("SELECT count(*) AS n FROM identity_recovery").await, 10 * left);
    }
}

#[tokio::test]
async fn another_password_ends_other_sessions() {
    let house = House::new().await;
    let (mut one, mut other) = (logged_in(&house).await, logged_in(&house).await);
    let place = "/ufficio/sicurezza/password";
    let good = "tutta un’altra cosa";
    for [present, new, again] in [
        [PASSWORD, "corta", "corta"],
        [PASSWORD, "dodici caratteri", "altri"],
        ["non è questa", good, good],
        ["", good, good],
    ] {
        let fields = [("attuale", present), ("nuova", new), ("ripetuta", again)];
        assert_eq!(one.post(place, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{present} {new}");
    }
    house.pass(10 * 60);
    let fields = [("attuale", PASSWORD), ("nuova", good), ("ripetuta", good)];
    assert_eq!(one.post(place, &fields).await.location, SECURITY);
    assert!(inside(&mut one).await && !inside(&mut other).await);
    house.pass(6 * 60);
    let fields = [("attuale", good), ("nuova", PASSWORD), ("ripetuta", PASSWORD)];
    let late = one.post(place, &fields).await;
    assert!(late.location.contains("conferma=1"), "the time of the login did not begin anew: {}", late.location);
    assert_eq!(other.login_officer("ugo.prova", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.login_officer("ugo.prova", "tutta un’altra cosa").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_secret_of_an_app_cannot_be_read_in_the_database() {
    let house = House::new().await;
    let (secret, codes) = set_up(&house, &mut logged_in(&house).await).await;
    let plain = BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).unwrap();
    let mut tx = house.database.read().await.unwrap();
    let kept = tx.row("SELECT secret FROM identity_totp", &[]).await.unwrap().unwrap().text("secret").unwrap();
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let bytes = STANDARD.decode(kept).unwrap();
    assert!(!bytes.windows(8).any(|window| window == &plain[..8]));
    for row in tx.rows("SELECT digest FROM identity_recovery", &[]).await.unwrap() {
        let digest = row.text("digest").unwrap();
        assert!(codes.iter().all(|code| !digest.contains(&code.replace('-', ""))));
    }
}

#[tokio::test]
async fn an_account_that_is_made_anew_puts_out_who_was_in_it_or_on_its_threshold() {
    let house = House::in_mode(Mode::Production).await;
    let (mut inside, mut threshold, mut again) = (house.browser(), house.browser(), house.browser());
    inside.login_officer("ugo.prova", PASSWORD).await;
    let (secret, _) = set_up(&house, &mut inside).await;
    assert_eq!(inside.get("/ufficio/prova").await.status, StatusCode::OK);
    house.pass(60);
    assert_eq!(threshold.login_officer("ugo.prova", PASSWORD).await.location, SECOND);
    assert_eq!(threshold.get(SECOND).await.status, StatusCode::OK);
    house.employ("ugo.prova").await;
    assert_eq!(inside.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER);
    assert_eq!(threshold.get(SECOND).await.status, StatusCode::SEE_OTHER);
    assert!(prove(&mut threshold, &shown(&house, &secret, 0)).await.location.starts_with("/ufficio/accesso"));
    assert_eq!(threshold.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER);
    let open = house.count("SELECT count(*) AS n FROM web_sessions WHERE subject = 'ugo.prova'").await;
    assert_eq!(open, 0, "neither inside nor on the threshold");
    assert_eq!(again.login_officer("ugo.prova", PASSWORD).await.location, ENROL, "it begins anew");
}
