//! What may no longer be kept is destroyed, on the word of two people; what was proved stays proved.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use base::{Language, Uuid};
use database::{
    params,
    testing::{Effect, Planned},
};

use crate::{
    backup::{shown, told, with_keys},
    client::{Client, Form, Page},
    killed::log_agrees_with_book,
    world::World,
};

/// More than the five years of a general request.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60 * (5 * 366 + 5));
/// The day on which they are over, and lists are made.
const DAY: (&str, &str, &str) = ("30", "11", "2031");
/// What nothing but the cases says.
const TEXT: &str = "Chiedo copia del fascicolo Ametista-Quarzo";
/// Words of the first statement of a job's unit of work.
const JOB: &str = "FROM jobs WHERE run_at";
const LISTS: &str = "/ufficio/scarto";

/// A case that was decided, with its number and the proof that its applicant keeps.
struct Decided {
    case: Uuid,
    number: String,
    proof: Vec<u8>,
}

impl Decided {
    fn place(&self) -> String {
        format!("/pratiche/{}", self.case)
    }
}

/// A general request of somebody, granted by Carla.
fn decided(world: &World, handle: &str) -> Decided {
    let person = world.person(handle);
    let receipt = person.request("Una copia dei miei atti", TEXT);
    let case = world.book().iter().rev().find(|act| act.kind == "submitted").expect("a case").case;
    let number = format!("{}/2026", receipt.number());
    let (carla, place) = (world.officer("carla.neri"), format!("/ufficio/pratiche/{case}"));
    carla.post(&Form { action: format!("{place}/prendi"), fields: Vec::new() });
    carla.post(&carla.get(&place).form("/nota").with("testo", "Ametista-Quarzo: sentito per telefono."));
    carla.post(&carla.get(&format!("{place}/accogli")).form("/accogli").with("motivo", "Ametista-Quarzo, sì."));
    assert_eq!(world.acts_of(case, 6).len(), 6, "application, taken, note, grant and two letters");
    let proof = person.get(&format!("/pratiche/{case}/prova/1")).body.into_bytes();
    Decided { case, number, proof }
}

/// Proposes a list of what is over, and gives its address once it is frozen.
fn proposed(world: &World, officer: &Client) -> String {
    let page = officer.post(&officer.get(LISTS).form(LISTS).with("servizio", "istanza-generica"));
    await_words(world, officer, &page.place, "Da approvare");
    page.place
}

/// Lets the queue work until a page says something.
fn await_words(world: &World, client: &Client, place: &str, words: &str) -> Page {
    let began = Instant::now();
    loop {
        world.advance(Duration::ZERO);
        let page = client.get(place);
        if page.words().contains(words) {
            return page;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "«{words}»: {}", page.words());
    }
}

fn authorise(officer: &Client, list: &str) -> Page {
    let form = officer.get(list).form("/autorizza").with("autorita", "Soprintendenza archivistica inventata");
    let form = form.with("provvedimento", "77");
    officer.post(&on(form, DAY))
}

fn on(form: Form, (day, month, year): (&str, &str, &str)) -> Form {
    form.with("giorno.giorno", day).with("giorno.mese", month).with("giorno.anno", year)
}

fn approve(officer: &Client, list: &str) -> Page {
    officer.post(&officer.get(list).form("/approva"))
}

fn hold(officer: &Client, kind: &str, field: &str, value: &str) -> Page {
    let form = officer.get("/ufficio/scarto/sospensioni").form("/sospensioni");
    officer.post(&form.with("che", kind).with(field, value).with("motivo", "Ricorso al tribunale n. 12"))
}

fn count(world: &World, sql: &str, words: &str) -> i64 {
    let like = format!("%{words}%");
    let counted = async { world.database().read().await?.number(sql, params![like]).await };
    world.block_on(counted).expect("it can be counted")
}

/// In how many rows of all tables that hold what cases say these words stand.
fn found(world: &World, words: &str) -> i64 {
    let places = [
        "act_contents WHERE content",
        "cases WHERE applicant_name || applicant || search || coalesce(officer_name, '')",
        "case_names WHERE key",
        "submissions WHERE applicant",
        "uploads WHERE owner || file_name",
        "documents WHERE html || applicant",
        "letters_failed WHERE reason",
        "drafts WHERE answers",
        "web_parked WHERE fields",
        "jobs WHERE payload",
        "retention_lines WHERE coalesce(reason, '')",
    ];
    places.iter().map(|place| count(world, &format!("SELECT count(*) AS n FROM {place} LIKE $1"), words)).sum()
}

/// How long a service takes, as people read it, and how many cases ended how.
fn figures(world: &World) -> (Option<catalogue::Measured>, Vec<String>) {
    let read = async {
        let mut tx = world.database().read().await?;
        let measured = cases::measured(&mut tx, "istanza-generica").await?;
        let sql = "SELECT office, service, state, closed_on, submitted_at, coalesce(amount, '') AS amount FROM cases ORDER BY id";
        let rows = tx.rows(sql, &[]).await?;
        let line = |row: &database::Row| {
            let texts = ["office", "service", "state", "closed_on", "submitted_at", "amount"];
            texts.map(|column| row.text(column).expect("a text")).join(" ")
        };
        Ok::<_, database::Error>((measured, rows.iter().map(line).collect()))
    };
    world.block_on(read).expect("the figures")
}

fn faults(world: &World) -> Vec<String> {
    let audit = async {
        let mut tx = world.database().read().await?;
        notary::audit(&mut tx, world.log_key(), Language::Italian).await
    };
    world.block_on(audit).expect("the audit")
}

fn proves(world: &World, decided: &Decided) -> bool {
    proofs::verify(&decided.proof, Some(world.log_key())).is_ok()
}

#[test]
fn two_people_approve_a_list_and_what_it_names_is_gone_while_proofs_and_figures_stay() {
    let world = World::new();
    let [paolo, luca, giorgio] = ["paolo", "luca", "giorgio"].map(|handle| decided(&world, handle));
    let young = world.officer("carla.neri");
    assert!(
        young
            .get(&format!("/ufficio{}", paolo.place()))
            .words()
            .contains("Per quanto è conservata Fino al 21 novembre 2031")
    );
    assert!(world.person("paolo").get(&paolo.place()).words().contains("poi distrutta se nessuna legge lo impedisce"));
    assert!(young.get(LISTS).words().contains("Nessuna pratica ha finito il suo tempo"));
    let before = figures(&world);

    world.advance(KEPT);
    let (carla, lia) = (world.officer("carla.neri"), world.officer("lia.testa"));
    assert_eq!(world.officer("gaia.longo").get(LISTS).status, 403, "neither head nor archivist");
    assert!(carla.get("/ufficio/pratiche").words().contains("Scarto: 3 pratiche da valutare"));
    let list = proposed(&world, &carla);
    let page = carla.get(&list);
    assert!(page.words().contains("Pratiche nell’elenco 3"), "{}", page.words());
    assert!(!page.body.contains("Paolo") && !page.body.contains("PRV"), "a list names nobody");
    assert!(page.words().contains("Manca l’autorizzazione"), "{}", page.words());
    assert!(!page.has_form("/approva"), "before the authority nobody approves");
    let other = proposed_nothing(&world, &lia);
    assert!(other.words().contains("sono sospese o già in un altro elenco"), "{}", other.words());

    changed_once_and_approved_by_one((&carla, &lia), &list, &giorgio);
    interrupted_and_held(&world, (&carla, &lia), &list, &luca);
    world.advance(Duration::from_secs(300));
    let (carla, lia) = (world.officer("carla.neri"), world.officer("lia.testa"));
    let done = await_words(&world, &carla, &list, "Eseguito");
    for words in ["Distrutte 1", "Sospese 1", "Stralciate 1", "Carla Neri", "Lia Testa"] {
        assert!(done.words().contains(words), "{words}: {}", done.words());
    }

    let gone = world.person("paolo").get(&paolo.place());
    assert!(gone.status == 410 && gone.words().contains("1/2031"), "{}", gone.words());
    assert!(!world.person("paolo").get("/pratiche").body.contains(&paolo.case.to_string()));
    let gone = carla.get(&format!("/ufficio{}", paolo.place()));
    assert!(
        gone.status == 410 && gone.words().contains("Soprintendenza archivistica inventata, n. 77"),
        "{}",
        gone.words()
    );
    assert_eq!(world.officer("anna.ferri").get(&format!("/ufficio{}", paolo.place())).status, 404, "another office");
    for kept in [&luca, &giorgio] {
        assert_eq!(carla.get(&format!("/ufficio{}", kept.place())).status, 200);
    }
    for words in ["Paolo", "paolo", "PRVPLA"] {
        assert_eq!(found(&world, words), 0, "{words}");
    }
    assert_eq!(count(&world, "SELECT count(*) AS n FROM protocol_entries WHERE correspondent LIKE $1", "Paolo"), 3);
    assert_eq!(figures(&world), before, "figures say what they said");
    assert!(proves(&world, &paolo) && proves(&world, &luca), "who kept a proof has it still");
    assert_eq!(faults(&world), Vec::<String>::new());
    certificate(&world, &lia, &list);
    lifted_and_destroyed_by_another_list(&world, (&carla, &lia), &luca);
}

/// A case is struck, which makes another list; then one approves it, and nobody alone can do more.
fn changed_once_and_approved_by_one((carla, lia): (&Client, &Client), list: &str, giorgio: &Decided) {
    let digest = |page: &Page| page.form("/approva").fields;
    let leave = carla.get(list).form("/autorizza").with("autorita", "Soprintendenza").with("provvedimento", "76");
    assert_eq!(carla.post(&on(leave.clone(), ("1", "3", "2031"))).status, 422, "a leave older than the list");
    assert_eq!(authorise(carla, list).status, 200);
    let first = digest(&carla.get(list));
    let strike = carla.get(list).form("/stralcia").with("numero", &giorgio.number);
    assert!(carla.post(&strike.clone().with("numero", "999/2026").with("motivo", "Storia")).status == 422);
    let struck = carla.post(&strike.clone().with("motivo", "Serve alla storia dell’ufficio"));
    assert!(struck.words().contains("Pratiche nell’elenco 2"), "{}", struck.words());
    assert!(struck.words().contains("Manca l’autorizzazione"), "another list wants another leave");
    assert!(carla.post(&on(leave, DAY)).body.contains("L’elenco è cambiato"), "a leave for what the list was");
    authorise(lia, list);
    let stale = carla.post(&Form { action: format!("{list}/approva"), fields: first });
    assert!(stale.body.contains("L’elenco è cambiato"), "{}", stale.words());
    assert!(approve(carla, list).body.contains("Ora serve l’altra persona"));
    assert!(!carla.get(list).has_form("/approva"), "nobody approves twice");
    let again = carla.post(&Form { action: format!("{list}/approva"), fields: digest(&lia.get(list)) }.made_up());
    assert!(again.body.contains("Hai già approvato"), "{}", again.words());
    assert!(carla.post(&strike.with("motivo", "Tardi")).body.contains("non si cambia più"));
}

/// The unit of work that destroys fails once: approved, and nothing is gone. A hold that comes now wins.
fn interrupted_and_held(world: &World, (carla, lia): (&Client, &Client), list: &str, luca: &Decided) {
    let before = found(world, "Ametista-Quarzo");
    world.database().let_fail(Planned { unit: JOB, step: 16, effect: Effect::None });
    assert!(approve(lia, list).body.contains("Approvato da entrambi"));
    let began = Instant::now();
    let interrupted = "SELECT count(*) AS n FROM jobs WHERE attempts > 0 AND kind LIKE $1";
    while count(world, interrupted, "retention/destroy") == 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "nothing was interrupted");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(found(world, "Ametista-Quarzo"), before, "all or nothing of a unit of work");
    let code = world.book().into_iter().find(|act| act.case == luca.case).expect("his application");
    let code = code.field("applicant")["fiscal_code"].as_str().expect("a code").to_owned();
    assert!(hold(carla, "person", "codice", "sbagliato").status == 422);
    assert!(hold(carla, "person", "codice", &code).words().contains(&code));
}

/// A list of what stands on another one already is none.
fn proposed_nothing(world: &World, officer: &Client) -> Page {
    let page = officer.post(&officer.get(LISTS).form(LISTS).with("servizio", "istanza-generica"));
    await_words(world, officer, &page.place, "Respinto")
}

/// The certificate is sealed, registered, and names nobody; changed, it is not accepted.
fn certificate(world: &World, officer: &Client, list: &str) {
    let xml = officer.get(&format!("{list}/verbale.xml")).body;
    assert!(xml.contains("<Distrutte>1</Distrutte>") && xml.contains("art. 21"), "{xml}");
    for name in ["Paolo", "Luca", "Giorgio", "PRVPLA"] {
        assert!(!xml.contains(name), "{name}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (file, data) = (folder.path().join("verbale.xml"), shown(world.data()));
    fs::write(&file, &xml).expect("it is written");
    let (sound, text) = told(&["verify", &shown(&file), "--data", &data]);
    assert!(sound && text.contains("Verbale di scarto autentico") && text.contains("1 pratiche"), "{text}");
    fs::write(&file, xml.replace("<Distrutte>1<", "<Distrutte>0<")).expect("it is written");
    assert!(!told(&["verify", &shown(&file), "--data", &data]).0, "changed");
    let entry = officer.get(list).links().into_iter().find(|link| link.contains("/ufficio/protocollo/2031/"));
    let entry = officer.get(&entry.expect("the registration"));
    assert!(entry.words().contains("Verbale di scarto dell’elenco n. 1/2031"), "{}", entry.words());
}

/// What was held is destroyed by a later list, once the hold is lifted.
fn lifted_and_destroyed_by_another_list(world: &World, (carla, lia): (&Client, &Client), luca: &Decided) {
    let link = carla.get("/ufficio/scarto/sospensioni").links();
    let one = link.into_iter().find(|link| link.contains("/sospensioni/")).expect("the hold");
    let lift = carla.get(&one).form("/sospensioni/").with("motivo", "Causa finita");
    assert!(carla.post(&lift).body.contains("Sospensione tolta"));
    let list = proposed(world, carla);
    authorise(carla, &list);
    approve(lia, &list);
    approve(carla, &list);
    await_words(world, carla, &list, "Eseguito");
    assert_eq!(world.person("luca").get(&luca.place()).status, 410);
    assert!(proves(world, luca));
    assert_eq!(faults(world), Vec::<String>::new());
    forgotten(world);
}

/// Whose case was held, and why, is forgotten two years after the hold was lifted.
fn forgotten(world: &World) {
    let about = "SELECT count(*) AS n FROM retention_holds WHERE reason LIKE $1 OR lift_reason LIKE $1";
    assert_eq!(count(world, about, "Ricorso al tribunale"), 1);
    world.advance(Duration::from_secs(24 * 60 * 60 * 735));
    let began = Instant::now();
    while count(world, about, "Ricorso al tribunale") + count(world, about, "Causa finita") > 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "it is remembered for ever");
        world.advance(Duration::ZERO);
    }
    assert_eq!(count(world, "SELECT count(*) AS n FROM retention_holds WHERE kind LIKE $1", "person"), 1);
}

#[test]
fn a_rejected_list_destroys_nothing_and_its_cases_may_stand_on_another() {
    let world = World::new();
    let paolo = decided(&world, "paolo");
    world.advance(KEPT);
    let carla = world.officer("carla.neri");
    let list = proposed(&world, &carla);
    let form = carla.get(&list).form("/respingi");
    assert_eq!(carla.post(&form).status, 422, "not without why");
    assert!(carla.post(&form.with("respinto", "Manca la nota")).body.contains("nulla è stato distrutto"));
    assert_eq!(carla.get(&format!("/ufficio{}", paolo.place())).status, 200);
    assert!(carla.get(&list).words().contains(&paolo.number), "what was rejected can still be read");
    let second = proposed(&world, &carla);
    assert!(carla.get(&second).words().contains("Pratiche nell’elenco 1"));
    let strike = carla.get(&second).form("/stralcia").with("numero", &paolo.number).with("motivo", "Serve ancora");
    assert!(carla.post(&strike).words().contains("Respinto"), "a list on which nothing is left is none");
}

#[test]
fn content_that_went_without_an_act_that_says_so_is_lost() {
    let world = World::new();
    let paolo = decided(&world, "paolo");
    let lose = async {
        let mut tx = world.database().begin().await?;
        acts::erase(&mut tx, paolo.case, 2).await?;
        tx.commit().await
    };
    world.block_on(lose).expect("it is lost");
    assert_eq!(faults(&world).len(), 1, "{:?}", faults(&world));
    assert!(faults(&world)[0].contains("nessun atto della pratica dice che è stato distrutto"));
}

/// A world in which Paolo's only case was destroyed, by Carla and Lia.
fn destroyed() -> (World, Decided) {
    let world = World::new();
    let paolo = decided(&world, "paolo");
    world.advance(KEPT);
    let (carla, lia) = (world.officer("carla.neri"), world.officer("lia.testa"));
    let list = proposed(&world, &carla);
    authorise(&carla, &list);
    approve(&carla, &list);
    approve(&lia, &list);
    await_words(&world, &carla, &list, "Eseguito");
    (world, paolo)
}

#[test]
fn a_book_of_which_something_was_destroyed_is_copied_restored_and_moved() {
    let (mut world, paolo) = destroyed();
    let copies = tempfile::tempdir().expect("a folder");
    let (copy, moved) = (copies.path().join("copia"), copies.path().join("altrove.db"));
    let (data, url) = (shown(world.data()), world.database_url().to_owned());
    let (made, text) = told(&["backup", "--data", &data, "--database", &url, "--to", &shown(&copy)]);
    assert!(made, "{text}");
    assert!(!holds(&copy, TEXT) && !holds(&copy, "Ametista"), "a copy made afterwards does not have it");
    let place = with_keys(world.data());
    let (restored, text) = told(&["restore", "--data", &shown(place.path()), "--from", &shown(&copy)]);
    assert!(restored, "{text}");
    log_agrees_with_book(place.path(), &format!("sqlite:{}", place.path().join("sportello.db").display()));
    let (data, key) = (world.data().to_owned(), world.log_key().clone());
    world.crash();
    let to = format!("sqlite:{}", moved.display());
    let (transferred, text) = told(&["migrate", "--from", &url, "--to", &to]);
    assert!(transferred && text.contains("✓ Tutto è uguale"), "{text}");
    let (sound, text) = told(&["verify", "--book", "--data", &shown(&data), "--database", &to]);
    assert!(sound && text.contains("Di 6 atti il contenuto è stato distrutto"), "{text}");
    assert!(proofs::verify(&paolo.proof, Some(&key)).is_ok());
}

/// Whether a file, or the log of changes beside it, holds these words anywhere.
fn holds(file: &Path, words: &str) -> bool {
    let beside = Path::new(&format!("{}-wal", file.display())).to_owned();
    [file, &beside]
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .any(|bytes| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
}

mod sqlite {
    use super::*;

    #[test]
    fn the_file_holds_nothing_any_more_of_what_was_destroyed() {
        let (world, _) = destroyed();
        let file = Path::new(world.database_url().trim_start_matches("sqlite:")).to_owned();
        let began = Instant::now();
        while holds(&file, "Ametista") && began.elapsed() < Duration::from_secs(30) {
            world.advance(Duration::from_secs(1));
        }
        assert!(holds(&file, "Soprintendenza archivistica inventata"), "it is the file of the book");
        for words in ["Ametista", TEXT] {
            assert!(!holds(&file, words), "{words}");
        }
    }
}
