//! Signing beside the applicant, over HTTP: who sees what, in which order, and that the last signature files once.

use acts::Act;
use base::Uuid;
use cases::payload::{Submitted, kind};
use database::testing::{Effect, Planned};
use jiff::SignedDuration;
use web::testing::{Browser, Reply};

use crate::house::House;

const SCHOOL: &str = "/servizi/trasferimento-scuola/domanda";
const HOME: &str = "/servizi/cambio-residenza/domanda";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The fiscal code of a sample person, by the name under which they are declared.
fn code(house: &House, given: &str, surname: &str) -> String {
    let members = house.samples.families.iter().flat_map(|family| &family.household.members);
    let mut people = members.map(|member| &member.person);
    let found = people.find(|one| one.name.given == given && one.name.surname == surname);
    found.expect("a sample person").fiscal_code.to_string()
}

/// The form of the school, filled in; gives the browser of the applicant.
async fn filled(house: &House, applicant: &str, other: &str) -> Browser {
    let mut browser = house.browser(applicant).await;
    let child = [("figlio", "Anna Dimostrativi"), ("figlio_nato_il", "20/05/2016"), ("altro_genitore", other)];
    let page = browser.post(&format!("{SCHOOL}/figlio"), &child).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let school = [("scuola_da", "Scuola degli Esempi"), ("scuola_a", "Scuola delle Prove"), ("dal", "07/01/2027")];
    let own = [("telefono", "06 1234567"), ("note", "Un motivo riservato")];
    let page = browser.post(&format!("{SCHOOL}/scuola"), &[school.as_slice(), own.as_slice()].concat()).await;
    assert_eq!(page.status, 303, "{}", page.text());
    browser
}

async fn confirm(browser: &mut Browser, form: &str) -> Reply {
    let summary = browser.get(&format!("{form}/riepilogo")).await;
    let fields = [("sp.chiave", summary.hidden("sp.chiave")), ("sp.impronta", summary.hidden("sp.impronta"))];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&format!("{form}/invia"), &fields).await
}

/// The addresses of what waits for a person's signature.
async fn asked(browser: &mut Browser) -> Vec<String> {
    let text = browser.get("/firme").await.text();
    let links = text.split("href=\"/firme/").skip(1).filter_map(|rest| rest.split('"').next());
    let mut links: Vec<String> = links.map(|id| format!("/firme/{id}")).collect();
    links.dedup();
    links
}

async fn sign(browser: &mut Browser, place: &str) -> Reply {
    let digest = browser.get(place).await.hidden("sp.impronta");
    browser.post(place, &[("sp.impronta", &digest)]).await
}

async fn book(house: &House) -> Vec<Act> {
    acts::after(&mut house.database.read().await.unwrap(), 0, 1_000).await.unwrap()
}

async fn number(house: &House, sql: &str) -> i64 {
    house.database.read().await.unwrap().number(sql, &[]).await.unwrap()
}

/// An application of Chiara's that waits for Marco; the two browsers, and the address of what he is asked.
async fn waiting(house: &House) -> (Browser, Browser, String) {
    let marco = code(house, "Marco", "Dimostrativi");
    let mut chiara = filled(house, &code(house, "Chiara", "Esempio"), &marco).await;
    let began = confirm(&mut chiara, SCHOOL).await;
    assert_eq!(began.location(), format!("{SCHOOL}/firme"), "{}", began.text());
    let mut marco = house.browser(&marco).await;
    let place = asked(&mut marco).await.remove(0);
    (chiara, marco, place)
}

/// Both log in again: their sessions have ended meanwhile.
async fn again(house: &House, chiara: &mut Browser, marco: &mut Browser) {
    *chiara = house.browser(&code(house, "Chiara", "Esempio")).await;
    *marco = house.browser(&code(house, "Marco", "Dimostrativi")).await;
}

#[tokio::test]
async fn it_is_filed_with_the_other_parents_signature_and_not_before() {
    let house = House::new().await;
    let (mut chiara, mut marco, place) = waiting(&house).await;
    assert!(book(&house).await.is_empty(), "nothing is filed yet");
    assert_eq!(number(&house, "SELECT count(*) AS n FROM drafts").await, 1);
    let text = marco.get(&place).await.text();
    for told in
        ["Anna Dimostrativi", "Scuola delle Prove", "sono d’accordo con il trasferimento", "Testo della domanda"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    for kept in ["1234567", "riservato"] {
        assert!(!text.contains(kept), "{kept} is none of his business");
    }
    let home = marco.get("/casa").await.text();
    assert!(home.contains("Firme che ti chiedono: Trasferimento a un’altra scuola (esempio)"), "{home}");

    house.clock.advance(DAY);
    again(&house, &mut chiara, &mut marco).await;
    let signed = sign(&mut marco, &place).await;
    assert_eq!(signed.location(), place);
    let acts = book(&house).await;
    let [act] = acts.as_slice() else { panic!("{} acts", acts.len()) };
    assert_eq!((act.kind.as_str(), act.at), (kind::SUBMITTED, house.web.clock().now()));
    let submitted: Submitted = act.payload().unwrap();
    let told = submitted.signed.expect("the signatures are in the act");
    assert_eq!(told.signatures.len(), 1);
    let one = &told.signatures[0];
    assert_eq!((one.fiscal_code.as_str(), one.level), (code(&house, "Marco", "Dimostrativi").as_str(), 2));
    assert_eq!((&one.digest, one.at), (&told.digest, act.at));
    use sha2::Digest;
    assert_eq!(hex::encode(sha2::Sha256::digest(&told.text)), told.digest, "the text is there, and is what was signed");
    assert_eq!(submitted.applicant.fiscal_code, code(&house, "Chiara", "Esempio"));
    assert_eq!(act.body.as_ref().unwrap().actor.subject, submitted.applicant.fiscal_code, "she files, he signs");
    assert_eq!(number(&house, "SELECT count(*) AS n FROM drafts").await, 0);
    assert_eq!(number(&house, "SELECT count(*) AS n FROM signings WHERE content <> ''").await, 0);

    let receipt = chiara.get(&format!("{SCHOOL}/firme")).await;
    assert!(receipt.location().ends_with("/ricevuta"), "{}", receipt.location());
    let receipt = chiara.get(receipt.location()).await.text();
    assert!(receipt.contains("Ha firmato anche") && receipt.contains(&told.digest), "{receipt}");
    let after = marco.get(&place).await.text();
    assert!(after.contains("Con l’ultima firma la domanda è stata presentata") && after.contains("Scuola delle Prove"));
    let again = marco.post(&place, &[("sp.impronta", &told.digest)]).await;
    assert_eq!((again.location(), book(&house).await.len()), (place.as_str(), 1), "nobody signs twice");
    assert_eq!(marco.get(&format!("/pratiche/{}", act.case)).await.status, 404, "the case is hers");
}

#[tokio::test]
async fn for_others_there_is_nothing_to_sign() {
    let house = House::new().await;
    let (mut chiara, _, place) = waiting(&house).await;
    let mut ines = house.browser(&code(&house, "Ines", "Campione")).await;
    let nothing = ines.get(&format!("/firme/{}", Uuid::from_u128(7))).await;
    for (browser, who) in [(&mut ines, "a stranger"), (&mut chiara, "the applicant")] {
        for page in [browser.get(&place).await, browser.get(&format!("{place}/rifiuto")).await] {
            assert_eq!(page.status, 404, "{who}");
            assert!(!page.text().contains("Trasferimento") && !nothing.text().contains("Trasferimento"), "{who}");
        }
        let digest = ("sp.impronta", "x");
        assert_eq!(browser.post(&place, &[digest]).await.status, 404, "{who}");
        assert_eq!(browser.post(&format!("{place}/rifiuto"), &[("motivo", "No")]).await.status, 404, "{who}");
    }
    assert!(book(&house).await.is_empty());
    // A code of nobody looks on her page like one of somebody.
    let mine = chiara.get(&format!("{SCHOOL}/firme")).await.text();
    assert!(mine.contains("Non ha ancora risposto") && !mine.contains("Marco"), "{mine}");
}

#[tokio::test]
async fn what_waits_is_not_changed_and_what_is_taken_back_is_signed_anew() {
    let house = House::new().await;
    let (mut chiara, mut marco, place) = waiting(&house).await;
    let digest = marco.get(&place).await.hidden("sp.impronta");
    for page in ["", "/figlio", "/scuola", "/riepilogo"] {
        assert_eq!(chiara.get(&format!("{SCHOOL}{page}")).await.location(), format!("{SCHOOL}/firme"), "{page}");
    }
    let changed = chiara.post(&format!("{SCHOOL}/scuola"), &[("scuola_a", "Un’altra ancora")]).await;
    assert_eq!(changed.status, 409);
    assert!(changed.text().contains("Un’altra ancora"), "what was typed is given back");
    assert_eq!(chiara.post(&format!("{SCHOOL}/annulla"), &[]).await.location(), format!("{SCHOOL}/firme"));
    assert_eq!(chiara.post(&format!("{SCHOOL}/da-capo"), &[]).await.location(), format!("{SCHOOL}/firme"));
    assert_eq!(number(&house, "SELECT count(*) AS n FROM drafts").await, 1);

    let back = chiara.post(&format!("{SCHOOL}/firme/riprendi"), &[]).await;
    assert_eq!(back.location(), format!("{SCHOOL}/riepilogo"));
    let late = marco.post(&place, &[("sp.impronta", &digest)]).await;
    assert_eq!(
        (late.location(), book(&house).await.len()),
        (place.as_str(), 0),
        "a signature on what is gone counts nothing"
    );
    assert!(marco.get(&place).await.text().contains("le firme date non valgono più"));
    chiara.post(&format!("{SCHOOL}/scuola"), &[("scuola_a", "Un’altra ancora")]).await;
    assert_eq!(confirm(&mut chiara, SCHOOL).await.location(), format!("{SCHOOL}/firme"));
    let places = asked(&mut marco).await;
    let new = places.iter().find(|one| **one != place).expect("it is asked anew");
    let text = marco.get(new).await.text();
    assert!(text.contains("Un’altra ancora"), "{text}");
    // The digest of the first text does not sign the second.
    marco.post(new, &[("sp.impronta", &digest)]).await;
    assert!(book(&house).await.is_empty());
    sign(&mut marco, new).await;
    assert_eq!(book(&house).await.len(), 1);
}

#[tokio::test]
async fn who_declines_says_why_and_the_draft_stays_whole() {
    let house = House::new().await;
    let (mut chiara, mut marco, place) = waiting(&house).await;
    let empty = marco.post(&format!("{place}/rifiuto"), &[("motivo", " ")]).await;
    assert_eq!(empty.status, 422);
    marco.post(&format!("{place}/rifiuto"), &[("motivo", "La scuola è troppo lontana")]).await;
    let mine = chiara.get(&format!("{SCHOOL}/firme")).await.text();
    assert!(mine.contains("La scuola è troppo lontana") && mine.contains("La tua bozza è intera"), "{mine}");
    assert!(chiara.get("/pratiche").await.text().contains("Firma rifiutata"));
    let summary = chiara.get(&format!("{SCHOOL}/riepilogo")).await.text();
    assert!(summary.contains("Scuola delle Prove"), "{summary}");
    sign_is_late(&house, &mut marco, &place).await;
}

async fn sign_is_late(house: &House, browser: &mut Browser, place: &str) {
    let before = book(house).await.len();
    browser.post(place, &[("sp.impronta", "x")]).await;
    assert_eq!(book(house).await.len(), before);
}

#[tokio::test]
async fn one_is_reminded_and_after_its_days_it_ends_by_itself() {
    let house = House::new().await;
    let (mut chiara, mut marco, place) = waiting(&house).await;
    let worker = house.signing_worker();
    assert_eq!(chiara.post(&format!("{SCHOOL}/firme/sollecito"), &[]).await.location(), format!("{SCHOOL}/firme"));
    let reminded = "SELECT count(*) AS n FROM signing_people WHERE reminded_at IS NOT NULL";
    assert_eq!(number(&house, reminded).await, 1);
    let mine = chiara.get(&format!("{SCHOOL}/firme")).await.text();
    assert!(mine.contains("Puoi mandare un altro promemoria dal 22 novembre 2026"), "{mine}");
    house.clock.advance(DAY * 7);
    again(&house, &mut chiara, &mut marco).await;
    worker.do_due().await.unwrap();
    let list = marco.get("/casa").await.text();
    assert!(list.contains("Firme che ti chiedono"), "{list}");
    assert!(chiara.get(&format!("{SCHOOL}/firme")).await.text().contains("Ultimo promemoria: 28 novembre 2026"));
    house.clock.advance(DAY * 22);
    again(&house, &mut chiara, &mut marco).await;
    worker.do_due().await.unwrap();
    assert!(marco.get(&place).await.text().contains("sp.impronta"), "on the last day one still signs");
    house.clock.advance(DAY * 2);
    again(&house, &mut chiara, &mut marco).await;
    let late = marco.get(&place).await.text();
    assert!(
        late.contains("Il tempo per firmare è finito") && !late.contains("sp.impronta"),
        "also before the job: {late}"
    );
    worker.do_due().await.unwrap();
    assert_eq!(number(&house, "SELECT count(*) AS n FROM signings WHERE state = 'expired' AND content = ''").await, 1);
    let mine = chiara.get(&format!("{SCHOOL}/firme")).await.text();
    assert!(mine.contains("Le firme non sono arrivate in tempo"), "{mine}");
    assert!(
        chiara.get(&format!("{SCHOOL}/riepilogo")).await.text().contains("Scuola delle Prove"),
        "the draft is whole"
    );
    assert_eq!(number(&house, "SELECT count(*) AS n FROM jobs WHERE kind LIKE 'cases/signing%'").await, 0);
    sign_is_late(&house, &mut marco, &place).await;
}

#[tokio::test]
async fn ones_own_code_is_no_other_parents() {
    let house = House::new().await;
    let own = code(&house, "Chiara", "Esempio");
    let mut chiara = filled(&house, &own, &own).await;
    let refused = confirm(&mut chiara, SCHOOL).await;
    assert_eq!(refused.location(), format!("{SCHOOL}/riepilogo"));
    assert!(chiara.get(refused.location()).await.text().contains("c’è il tuo codice fiscale"));
    assert_eq!(number(&house, "SELECT count(*) AS n FROM signings").await, 0);
    assert!(book(&house).await.is_empty());
}

/// The register knows when an adult of the family was born: neither one's own code nor a stranger's takes their place.
#[tokio::test]
async fn another_code_than_a_family_members_is_told_beside_it() {
    let house = House::new().await;
    let own = code(&house, "Elena", "Inventati");
    let mut elena = house.browser(&own).await;
    let new = [("via", "Via Nuova 1"), ("comune", "Torino"), ("dal", "01/11/2026")];
    elena.post(&format!("{HOME}/casa"), &new).await;
    for wrong in [own.as_str(), &code(&house, "Chiara", "Esempio")] {
        let page = elena.post(&format!("{HOME}/famiglia"), &[("famiglia.0.codice_fiscale", wrong)]).await;
        assert_eq!(page.status, 422, "{}", page.text());
        let told = "Persona 1 Marta Modello, Codice fiscale: Il codice fiscale dice nato il";
        assert!(page.text().contains(told), "{}", page.text());
        assert!(String::from_utf8_lossy(&page.body).contains(wrong), "what was typed stays");
        assert_eq!(elena.get(&format!("{HOME}/riepilogo")).await.location(), format!("{HOME}/famiglia"));
    }
    assert!(book(&house).await.is_empty());
}

/// Elena moves with her adult daughter, who must sign, and with a boy of fifteen.
async fn moving(house: &House) -> (Browser, Vec<Browser>) {
    let (elena, marta) = (code(house, "Elena", "Inventati"), code(house, "Marta", "Modello"));
    let mut elena = house.browser(&elena).await;
    let new = [("via", "Via Nuova 1"), ("comune", "Torino"), ("dal", "01/11/2026")];
    let page = elena.post(&format!("{HOME}/casa"), &new).await;
    assert_eq!(page.status, 303, "{}", page.text());
    let page = elena.post(&format!("{HOME}/famiglia"), &[("famiglia.0.codice_fiscale", &marta)]).await;
    assert_eq!(page.location(), format!("{HOME}/riepilogo"), "{}", page.text());
    let began = confirm(&mut elena, HOME).await;
    assert_eq!(began.location(), format!("{HOME}/firme"), "{}", began.text());
    let marta = house.browser(&marta).await;
    (elena, vec![marta])
}

#[tokio::test]
async fn of_a_household_each_adult_signs_and_no_child() {
    let house = House::new().await;
    let (mut elena, mut others) = moving(&house).await;
    let mine = elena.get(&format!("{HOME}/firme")).await.text();
    assert!(mine.contains("0 su 1") && mine.contains(&code(&house, "Marta", "Modello")), "{mine}");
    assert!(!mine.contains(&code(&house, "Leo", "Modello")), "a child signs nothing");
    let place = asked(&mut others[0]).await.remove(0);
    sign(&mut others[0], &place).await;
    assert_eq!(book(&house).await.len(), 1);
}

#[tokio::test]
async fn two_last_signatures_at_once_file_once() {
    for _ in 0..3 {
        let house = House::new().await;
        let (elena, _) = moving(&house).await;
        let (leo, marta) = (code(&house, "Ines", "Campione"), code(&house, "Marta", "Modello"));
        // A second signer, as if the household had another adult.
        let mut tx = house.begin().await;
        let sql = "INSERT INTO signing_people (signing, signer, place, role, name, level, digest, reason) \
                   SELECT signing, $1, 9, role, '', 0, '', '' FROM signing_people";
        tx.execute(sql, database::params![&leo]).await.unwrap();
        tx.commit().await.unwrap();
        let (mut one, mut other) = (house.browser(&leo).await, house.browser(&marta).await);
        let place = asked(&mut one).await.remove(0);
        // Two processes: each has a turn to write of its own.
        let mut far = house.elsewhere(&leo).await;
        let digest = one.get(&place).await.hidden("sp.impronta");
        let fields = [("sp.impronta", digest.as_str())];
        let (first, second, third) =
            tokio::join!(one.post(&place, &fields), other.post(&place, &fields), far.post(&place, &fields));
        for reply in [&first, &second, &third] {
            assert_eq!(reply.location(), place, "{}", reply.text());
        }
        let acts = book(&house).await;
        assert_eq!(acts.len(), 1, "filed once");
        let submitted: Submitted = acts[0].payload().unwrap();
        assert_eq!(submitted.signed.unwrap().signatures.len(), 2, "with both signatures");
        drop(elena);
    }
}

/// The service of the school, in a window that closes in two days at noon.
async fn windowed(in_time: &str) -> House {
    let window = "[window]\nopens = 2026-11-01T09:00:00\ncloses = 2026-11-23T12:00:00\norder = \"event-date\"\n\
                  datum = \"dal\"\nlaw = \"art. 4\"\n";
    let in_time = format!("[signatures]\nin_time = \"{in_time}\"\n");
    House::declared(|declared| {
        let folder = declared.folders.iter_mut().find(|one| one.slug == "trasferimento-scuola").expect("the service");
        let process = folder.files.get_mut("process.toml").expect("its proceeding");
        *process = format!("{}\n{window}", process.replace("[signatures]\n", &in_time));
    })
    .await
}

#[tokio::test]
async fn what_must_be_inside_a_window_is_as_the_service_says() {
    let house = windowed("confirmed").await;
    let (_, mut marco, place) = waiting(&house).await;
    assert!(marco.get(&place).await.text().contains("21 dicembre 2026"), "signatures have their own time");
    house.clock.advance(DAY * 5);
    let mut marco = house.browser(&code(&house, "Marco", "Dimostrativi")).await;
    sign(&mut marco, &place).await;
    let acts = book(&house).await;
    let submitted: Submitted = acts[0].payload().unwrap();
    let (ordering, signed) = (submitted.ordering.expect("its place in the order"), submitted.signed.expect("signed"));
    assert!(!ordering.lot.is_empty() && signed.confirmed_at < acts[0].at, "confirmed in time, signed afterwards");

    let house = windowed("signed").await;
    let (mut chiara, mut marco, place) = waiting(&house).await;
    assert!(marco.get(&place).await.text().contains("23 novembre 2026, ore 12:00"), "signatures end with the window");
    house.clock.advance(DAY * 2 + SignedDuration::from_hours(1));
    again(&house, &mut chiara, &mut marco).await;
    assert!(marco.get(&place).await.text().contains("Il tempo per firmare è finito"));
    sign_is_late(&house, &mut marco, &place).await;
    assert!(book(&house).await.is_empty());
    assert!(
        chiara.get(&format!("{SCHOOL}/riepilogo")).await.text().contains("Scuola delle Prove"),
        "the draft is whole"
    );
}

/// The words of the first statement of the unit of work that signs.
const SIGNING: &str = "UPDATE signings SET touched";

/// Every step of the last signature fails once, undone or done unheard: signed again it is filed, once.
async fn matrix(effect: Effect) -> Vec<String> {
    let mut failed = Vec::new();
    for step in 1..60 {
        let house = House::new().await;
        let (_chiara, mut marco, place) = waiting(&house).await;
        let digest = marco.get(&place).await.hidden("sp.impronta");
        house.database.let_fail(Planned { unit: SIGNING, step, effect });
        let _told = marco.post(&place, &[("sp.impronta", &digest)]).await;
        let Some(what) = house.database.failed_step() else { return failed };
        assert!(book(&house).await.len() <= 1, "{what}");
        marco.post(&place, &[("sp.impronta", &digest)]).await;
        let acts = book(&house).await;
        assert_eq!(acts.len(), 1, "{what}");
        assert_eq!(number(&house, "SELECT count(*) AS n FROM signings WHERE state = 'filed'").await, 1, "{what}");
        assert_eq!(number(&house, "SELECT count(*) AS n FROM protocol_entries").await, 1, "{what}");
        failed.push(what);
    }
    panic!("a signature has no 60 steps")
}

#[tokio::test]
async fn a_last_signature_of_which_a_step_was_not_done_is_not_there_and_comes_again() {
    let failed = matrix(Effect::None).await;
    for step in ["signing_people", "INTO acts", "INTO cases", "UPDATE signings", "COMMIT"] {
        assert!(failed.iter().any(|what| what.contains(step)), "{step} is no step of {failed:#?}");
    }
}

#[tokio::test]
async fn a_last_signature_of_which_a_step_was_done_unheard_is_filed_once() {
    let failed = matrix(Effect::Done).await;
    assert!(failed.last().is_some_and(|what| what == "the answer to COMMIT"), "{failed:#?}");
}
