//! «Che cosa mi spetta?»: nothing is kept of it, and whatever is sent is answered.

use std::{collections::BTreeMap, fs, path::Path};

use database::params;

use crate::{
    client::{Client, Form, Page},
    world::World,
};

const PLACE: &str = "/che-cosa-mi-spetta";

/// A mother of one, as the pages of the screener ask her; the ISEE is a number that stands nowhere else.
const MOTHER: [(&str, &str); 16] = [
    ("persone.0.data_nascita", "2007-03-01"),
    ("persone.0.disabilita", "nessuna"),
    ("persone.1.chi", "altro"),
    ("persone.1.data_nascita", "2003-05-05"),
    ("persone.1.disabilita", "nessuna"),
    ("persone.2.chi", "figlio"),
    ("persone.2.data_nascita", "2026-04-20"),
    ("persone.2.disabilita", "nessuna"),
    ("persone.2.nido", "nessuno"),
    ("cittadinanza", "unione"),
    ("lavoro", "nessuno"),
    ("isee", "7.654,32"),
    ("genitore", "madre"),
    ("reddito_familiare", "4.321,09"),
    ("affitto", "3.987,65"),
    ("patrimonio_nei_limiti", "si"),
];

fn form(action: &str, fields: &[(&str, &str)]) -> Form {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Form { action: action.to_owned(), fields: fields.collect() }
}

/// Every step of the mother: page after page with one answer more.
fn steps(client: &Client) -> Vec<Page> {
    let mut pages = vec![client.get(PLACE)];
    pages.extend((1..=MOTHER.len()).map(|many| client.post(&form(PLACE, &MOTHER[..many]))));
    pages
}

/// How many rows every table has.
fn rows(world: &World) -> BTreeMap<String, i64> {
    world.block_on(async {
        let mut tx = world.database().read().await.expect("a reader");
        let mut counted = BTreeMap::new();
        for name in database::tables(&mut tx).await.expect("the tables") {
            let many = tx.number(&format!("SELECT count(*) AS n FROM \"{name}\""), &[]).await.expect("its rows");
            counted.insert(name, many);
        }
        counted
    })
}

/// Whether any file of the data folder or of the database's holds these bytes: rows changed in place, jobs, logs. Where the rows are on a
/// server, whether any of them does, as text or as bytes.
fn stored(world: &World, wanted: &str) -> bool {
    if world.database_url().starts_with("postgres") && stored_on_server(world, wanted) {
        return true;
    }
    let file = world.database_url().strip_prefix("sqlite:").map(Path::new);
    let folders = [Some(world.data()), file.and_then(Path::parent)].into_iter().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder).expect("the folder")).filter_map(Result::ok);
    let texts = files.filter_map(|file| fs::read(file.path()).ok());
    texts.into_iter().any(|bytes| bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes()))
}

fn stored_on_server(world: &World, wanted: &str) -> bool {
    let bytes: String = wanted.bytes().map(|byte| format!("{byte:02x}")).collect();
    world.block_on(async {
        let mut tx = world.database().read().await.expect("a reader");
        for table in database::tables(&mut tx).await.expect("the tables") {
            let sql = format!("SELECT count(*) AS n FROM {table} AS t WHERE strpos(CAST(t AS TEXT), $1) + strpos(CAST(t AS TEXT), $2) > 0");
            if tx.number(&sql, params![wanted, &bytes]).await.expect("its rows") > 0 {
                return true;
            }
        }
        false
    })
}

fn cookies(page: &Page) -> Vec<&str> {
    page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect()
}

#[test]
fn nothing_is_stored_and_no_cookie_is_set_whatever_is_answered() {
    let world = World::new();
    let before = rows(&world);
    assert!(before.len() > 20, "{before:?}");
    let visitor = world.visitor();
    for page in steps(&visitor) {
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(cookies(&page), Vec::<&str>::new(), "{}", page.title());
    }
    let last = visitor.post(&form(PLACE, &MOTHER));
    assert_eq!(last.title(), "Ecco che cosa ti può spettare");
    assert!(last.words().contains("7.654,32 €"), "{}", last.words());

    // On the way to an application one cookie travels, in this browser alone, for half an hour.
    let brought = visitor.post_only(&form("/servizi/assegno-inclusione/domanda/dalla-verifica", &MOTHER));
    assert_eq!((brought.status, brought.header("location")), (303, "/servizi/assegno-inclusione/domanda"));
    let set = cookies(&brought);
    assert!(set.len() == 1 && set[0].starts_with("sportello-riporto="), "{set:?}");
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=1800"] {
        assert!(set[0].contains(attribute), "{set:?}");
    }
    assert!(set[0].contains("isee=7.654%2C32") && !set[0].contains("nido"), "only what this service asks: {set:?}");
    assert_eq!(rows(&world), before);
    for text in ["7654.32", "7.654,32", "7.654%2C32", "4321.09", "4.321,09", "3987.65", "3.987,65"] {
        assert!(!stored(&world, text), "{text} is stored somewhere");
    }
    assert!(stored(&world, "Rapporti di lavoro") || stored(&world, "anpr"), "else nothing would be found at all");
}

#[test]
fn one_step_leads_to_the_application_filled_in_below_what_registries_know() {
    let world = World::new();
    let visitor = world.visitor();
    let bring = form("/servizi/assegno-inclusione/domanda/dalla-verifica", &MOTHER);
    let door = visitor.post(&bring);
    assert_eq!(door.title(), "Accedi");
    let summary = visitor.log_in_at(&door.place, "sofia");
    assert_eq!(summary.title(), "Controlla e conferma", "{} {}", summary.place, summary.words());
    let words = summary.words();
    for answered in ["4.321,09 €", "3.987,65 €", "Lo hai indicato tu in «Che cosa mi spetta?»"] {
        assert!(words.contains(answered), "{answered}: {words}");
    }
    assert!(words.contains("8.000,00 €") && !words.contains("7.654,32"), "the registry's ISEE stands: {words}");

    // Another service does not get what was meant for this one; who leaves takes it along.
    let other = visitor.get("/servizi/bonus-nido/domanda");
    assert!(!other.body.contains("4.321,09") && !other.body.contains("4321,09"), "{}", other.words());
    let left = visitor.post_only(&summary.form("/esci"));
    assert!(cookies(&left).iter().any(|set| set.starts_with("sportello-riporto=;") && set.contains("Max-Age=0")));

    // Sent, it is an answer like any other, and the cookie is forgotten.
    let sofia = world.person("sofia");
    let receipt = sofia.post_only(&sofia.post(&bring).form("/domanda/invia"));
    assert!(receipt.header("location").ends_with("/ricevuta"), "{}", receipt.header("location"));
    assert!(cookies(&receipt).iter().any(|set| set.starts_with("sportello-riporto=;") && set.contains("Max-Age=0")));
    assert_eq!(world.book()[0].field("answers")["values"]["reddito_familiare"]["dec"], "4321.09");
}

#[test]
fn a_service_that_takes_no_applications_is_not_found() {
    let world = World::new();
    for slug in ["non-esiste", "..%2f..", "%00"] {
        let page = world.visitor().post(&form(&format!("/servizi/{slug}/domanda/dalla-verifica"), &MOTHER));
        assert!(matches!(page.status, 400 | 404), "{slug}: {}", page.status);
    }
}

#[test]
fn what_is_wrong_is_told_and_stays_written() {
    let world = World::new();
    let visitor = world.visitor();
    let wrong = [
        ("persone", "persone.0.data_nascita", "31/02/1990"),
        ("persone", "persone.0.data_nascita", "1/1/2999"),
        ("persone", "persone.0.disabilita", "tanta"),
        ("isee", "isee", "molto poco"),
        ("isee", "isee", "-5"),
        ("settimane", "settimane", "9999999999999999999999"),
        ("affitto", "affitto", "99999999999999999999999999999999"),
    ];
    for (page, name, typed) in wrong {
        let asked = [("sp.domanda", page), ("lavoro", "scadenza"), (name, typed)];
        let answer = visitor.post(&form(PLACE, &asked));
        assert_eq!(answer.status, 422, "{name} = {typed}: {}", answer.words());
        assert!(name.ends_with("disabilita") || name.ends_with("nascita") || answer.body.contains(typed), "{typed}");
    }
    let parts = [
        ("sp.domanda", "persone"),
        ("persone.0.data_nascita.giorno", "31"),
        ("persone.0.data_nascita.mese", "2"),
        ("persone.0.data_nascita.anno", "1990"),
    ];
    let answer = visitor.post(&form(PLACE, &parts));
    assert_eq!(answer.status, 422);
    let kept = answer.form(PLACE).fields;
    assert!(parts[1..].iter().all(|(name, text)| kept.contains(&((*name).to_owned(), (*text).to_owned()))), "{kept:?}");
}

#[test]
fn garbage_is_answered_with_a_page() {
    let world = World::new();
    let visitor = world.visitor();
    let crowd: Vec<(String, String)> =
        (0..40).map(|row| (format!("persone.{row}.chi"), "figlio".to_owned())).chain([answered()]).collect();
    let page = visitor.post(&Form { action: PLACE.to_owned(), fields: crowd });
    assert_eq!(page.status, 200, "forty children: {}", page.words());
    assert!(page.words().contains("Persona 12") && !page.words().contains("Persona 13"), "{}", page.words());
    assert!(page.words().contains("al massimo 12 persone"), "{}", page.words());

    let garbage: [&[(&str, &str)]; 8] = [
        &[("sp.domanda", "non-esiste"), ("sp.percorso", "a b c isee isee isee")],
        &[("sp.domanda", "isee"), ("cambia", "non-esiste")],
        &[("sp.domanda", "persone"), ("aggiungi", "non-esiste")],
        &[("sp.domanda", "persone"), ("togli", "persone.999999999999")],
        &[("persone.0.chi", "figlio"), ("persone.1.chi", "io"), ("vai", "risultato")],
        &[("persone.999.chi", "figlio"), ("persone.99999999999.chi", "io"), ("....", "x"), ("", "")],
        &[("isee", "\u{0}\u{202e}<script>alert(1)</script>"), ("cittadinanza", "\"><b>")],
        &[("vai", "altrove"), ("lavoro", "nessuno"), ("lavoro", "dipendente")],
    ];
    for fields in garbage {
        let page = visitor.post(&form(PLACE, fields));
        assert!(matches!(page.status, 200 | 400 | 422), "{fields:?}: {}", page.status);
        assert!(!page.title().is_empty() && !page.body.contains("<script>alert"), "{fields:?}");
    }
    let large = vec![b'a'; (64 << 10) + 1];
    let page = visitor.post_bytes(PLACE, "application/x-www-form-urlencoded", &large);
    assert_eq!((page.status, page.title().as_str()), (413, "Hai inviato troppi dati"));
    let page = visitor.post_bytes(PLACE, "application/json", b"{}");
    assert!(matches!(page.status, 400 | 415), "{}", page.status);
    let page = visitor.post_from("https://altrove.example", &form(PLACE, &MOTHER));
    assert_eq!(page.status, 403, "a page of another site sends nothing here");
}

fn answered() -> (String, String) {
    ("sp.domanda".to_owned(), "persone".to_owned())
}

/// A cookie that somebody wrote by hand fills in at most what a person could type.
#[test]
fn a_cookie_written_by_hand_is_read_by_the_form_alone() {
    let world = World::new();
    let sofia = world.person("sofia");
    let answers = [("reddito_familiare", "-1"), ("affitto", "niente"), ("patrimonio_nei_limiti", "forse")];
    let page = sofia.post(&form("/servizi/assegno-inclusione/domanda/dalla-verifica", &answers));
    assert!(page.place.contains("/domanda/economia"), "it is still asked: {}", page.place);
}
