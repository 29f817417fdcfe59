//! Commands as people type them, and settings that must be refused.

use std::{fs, net::TcpListener, sync::Arc};

use base::{ManualClock, SeededChance, Timestamp};
use database::Database;
use sportello::{House, migrations, tour};
use stories::{Host, Story, Verdict};
use tokio::runtime::Runtime;
use web::Mode;

use crate::{
    program::{command, run, stderr, stdout},
    world::{World, demonstration, demonstration_at, root},
};

#[test]
fn the_tour_prints_its_steps_and_ends_well_twice() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().display().to_string();
    // The second time on what the first left, after forgetting it.
    for _ in 0..2 {
        let tour = run(&["demo", "--tour", "--reset", "--people", "20", "--port", "0", "--data", &folder]);
        let told = stdout(&tour);
        assert_eq!(tour.status.code(), Some(0), "{told}{}", stderr(&tour));
        assert!(told.contains("✓ Preme \"Invia la domanda\"") && told.contains("Tutto bene: "), "{told}");
    }
}

#[test]
fn a_tour_stops_at_the_first_step_that_is_wrong() {
    let world = World::new();
    let text = "# Una prova\nApre /\nIl titolo è \"Un titolo che non c'è\"\nApre /servizi\n";
    let story = Story::parse("sbagliata.txt", text).expect("it is well written");
    let error = tour::walk(&world.url, &story).expect_err("the title is another").to_string();
    assert!(error.starts_with("sbagliata.txt, riga 3: "), "{error}");
}

#[test]
fn the_tour_trusts_only_the_log_of_the_program_that_it_visits() {
    let (world, other) = (World::new(), World::seeded(8));
    let text = "Accede chiara\nApre /servizi/assegno-unico/domanda\nPreme \"Invia la domanda\"\n\
                Attende che la pagina dica \"Scarica la prova\"\nScarica \"Scarica la prova\" come prova.json\n\
                Verifica prova.json\n";
    let story = Story::parse("prova.txt", text).expect("it is well written");
    assert_eq!(tour::walk(&world.url, &story).expect("its own log is trusted"), 6);
    assert_eq!(tour::published_key(&world.url).expect("a key"), *world.log_key());

    let proof = proof_of(&world, "elena");
    let verdict = |world: &World| tour::Visitor::new(&world.url).verify(&proof).expect("it answers");
    assert!(matches!(verdict(&world), Verdict::Genuine(_)), "{:?}", verdict(&world));
    assert!(matches!(verdict(&other), Verdict::Wrong(_)), "{:?}", verdict(&other));
}

/// The proof of an application that somebody files.
fn proof_of(world: &World, handle: &str) -> Vec<u8> {
    let person = world.person(handle);
    let receipt = person.apply("assegno-unico");
    let case = receipt.place.trim_end_matches("/ricevuta");
    let id = case.rsplit('/').next().and_then(|id| id.parse().ok()).expect("the address names the case");
    world.acts_of(id, 2);
    let proof = person.get(&format!("{case}/prova/1"));
    assert_eq!(proof.status, 200, "{}", proof.body);
    proof.body.into_bytes()
}

#[test]
fn verify_tells_genuine_unchecked_and_wrong_apart() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().display().to_string();
    let world = World::new();
    let proof = proof_of(&world, "chiara");
    let file = data.path().join("prova.json");
    fs::write(&file, &proof).expect("it is written");
    let file = file.display().to_string();
    let key = world.log_key().to_string();

    let genuine = run(&["verify", &file, "--key", &key]);
    assert_eq!(genuine.status.code(), Some(0), "{}", stdout(&genuine));
    let unchecked = run(&["verify", &file, "--data", &folder]);
    assert_eq!(unchecked.status.code(), Some(2), "{}", stdout(&unchecked));
    let from_folder = run(&["verify", &file, "--data", &world.data().display().to_string()]);
    assert_eq!(from_folder.status.code(), Some(0), "{}", stdout(&from_folder));

    let changed = String::from_utf8_lossy(&proof).replacen("Chiara", "Chiaro", 1);
    assert_ne!(changed.as_bytes(), proof, "the proof names the applicant");
    fs::write(&file, changed).expect("it is written");
    let wrong = run(&["verify", &file, "--key", &key]);
    assert_eq!(wrong.status.code(), Some(1), "{}", stdout(&wrong));
    let absent = run(&["verify", "non-esiste.json"]);
    assert!(!absent.status.success() && stderr(&absent).contains("non-esiste.json"), "{}", stderr(&absent));
}

#[test]
fn production_without_https_is_refused() {
    let data = tempfile::tempdir().expect("a folder");
    let sample = fs::read_to_string(root().join("deploy/sportello.toml")).expect("the sample configuration");
    let config = data.path().join("sportello.toml");
    fs::write(&config, sample.replace("https://", "http://")).expect("it is written");
    let (config, folder) = (config.display().to_string(), data.path().display().to_string());
    let served = run(&["serve", "--config", &config, "--data", &folder]);
    assert_eq!(served.status.code(), Some(1));
    let told = stderr(&served);
    assert!(told.contains("public_url deve cominciare con https://") && told.contains("sportello.toml"), "{told}");
}

#[test]
fn production_refuses_the_folder_of_a_demonstration_and_a_demonstration_a_foreign_database() {
    let data = tempfile::tempdir().expect("a folder");
    fs::write(data.path().join("dimostrazione.txt"), "").expect("it is written");
    let config = root().join("deploy/sportello.toml").display().to_string();
    let folder = data.path().display().to_string();
    let served = run(&["serve", "--config", &config, "--data", &folder]);
    assert_eq!(served.status.code(), Some(1));
    assert!(stderr(&served).contains("contiene una dimostrazione"), "{}", stderr(&served));
    let shown = run(&["demo", "--port", "0", "--data", &folder, "--database", "sqlite:elsewhere.db"]);
    assert_eq!(shown.status.code(), Some(1));
    assert!(stderr(&shown).contains("tiene il proprio libro"), "{}", stderr(&shown));
}

#[test]
fn production_refuses_to_start_without_the_seal_of_the_administration() {
    let data = tempfile::tempdir().expect("a folder");
    let config = root().join("deploy/sportello.toml").display().to_string();
    let folder = data.path().display().to_string();
    let root = root().display().to_string();
    let served = run(&["serve", "--config", &config, "--data", &folder, "--root", &root]);
    assert_eq!(served.status.code(), Some(1));
    let told = stderr(&served);
    assert!(told.contains("manca il sigillo") && told.contains("seal.crt"), "{told}");
    assert!(!data.path().join("keys/seal.key").exists(), "nobody makes one silently");
}

#[test]
fn the_demonstration_identity_provider_is_refused_in_production() {
    let data = tempfile::tempdir().expect("a folder");
    let mut settings = demonstration_at(data.path(), root());
    settings.mode = Mode::Production;
    settings.public_url = "https://sportello.example".to_owned();
    let refused = Runtime::new().expect("a runtime").block_on(async {
        let database = Database::open(&settings.database).await?;
        let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
        database.migrate(&migrations(), Timestamp::UNIX_EPOCH).await?;
        let provider = demonstration(&settings.root, &database)?;
        House::join(&settings, database, clock, Arc::new(SeededChance::new(1)), Some(provider)).await
    });
    let told = refused.err().expect("nobody may be anybody").to_string();
    assert!(told.contains("demo mode only"), "{told}");
}

#[test]
fn every_command_finds_its_folders_by_the_environment() {
    let data = tempfile::tempdir().expect("a folder");
    for arguments in [&["check"][..], &["law", "show", "naspi"], &["simulate", "naspi"]] {
        let output = command(arguments).env("SPORTELLO_ROOT", data.path()).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&output).contains(&data.path().display().to_string()), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn an_option_that_stands_in_the_environment_is_named_where_it_conflicts() {
    let arguments = ["migrate", "--from", "sqlite:a.db", "--to", "sqlite:b.db"];
    let output = command(&arguments).env("SPORTELLO_DATABASE", "sqlite:c.db").output().expect("the program runs");
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("«--from <FROM>» non va insieme a SPORTELLO_DATABASE"), "{told}");
    let typed = run(&["migrate", "--from", "sqlite:a.db", "--to", "sqlite:b.db", "--database", "sqlite:c.db"]);
    assert!(stderr(&typed).contains("non va insieme a «--"), "{}", stderr(&typed));
}

/// English words of the operating system, of libraries and of clap that nobody should have to read.
const FOREIGN: [&str; 9] = [
    "os error",
    "No such file",
    "Permission denied",
    "error:",
    "unexpected",
    "invalid value",
    "Usage",
    "cannot ",
    " is not ",
];

#[test]
fn every_mistake_on_the_command_line_is_told_in_italian_with_place_and_mend() {
    let data = tempfile::tempdir().expect("a folder");
    let at = |name: &str| data.path().join(name).display().to_string();
    fs::write(data.path().join("file"), "nulla").expect("it is written");
    fs::write(data.path().join("rotta.toml"), "mode = 1\n").expect("it is written");
    fs::write(data.path().join("libro.db"), "questo non e' un database, ma un testo qualunque. ".repeat(40))
        .expect("it is written");
    fs::create_dir_all(at("solo/law/calendars")).expect("it is made");
    fs::copy(root().join("law/calendars/italia.toml"), at("solo/law/calendars/italia.toml")).expect("it is copied");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let (file, broken, book, absent) =
        (at("file"), at("rotta.toml"), format!("sqlite:{}", at("libro.db")), at("assente"));
    let (fresh, only) = (at("nuova"), at("solo"));
    let cases: &[(&[&str], i32, &str)] = &[
        (&["verify", &absent], 1, "assente: non esiste. Controlla il percorso"),
        (&["verify", data.path().to_str().expect("a name")], 1, "è una cartella, serve un file"),
        (&["verify", &file, "--key", "x"], 1, "--key non è la chiave di un registro"),
        (
            &["verify", &file, "--language", "fr"],
            2,
            "«fr» non va bene per «--language <LANGUAGE>». I valori possibili sono: it, en, de.",
        ),
        (&["verify", "--book", "--data", &absent], 1, "non c’è nessun libro degli atti"),
        (&["verify"], 2, "Manca <FILE>"),
        (&["balla"], 2, "«balla» non è un comando."),
        (&["demo", "--porta", "1"], 2, "«--porta» non è un’opzione di questo comando. Forse volevi «--port»."),
        (&["demo", "--port", "molte"], 2, "«molte» non va bene per «--port <PORT>»"),
        (&["demo", "--port", &port, "--data", &fresh], 1, "è occupata da un altro programma"),
        (&["demo", "--port", "0", "--data", &file], 1, "c’è un file dove serve una cartella"),
        (&["demo", "--port", "0", "--people", "3", "--data", &fresh, "--root", &absent], 1, "assente"),
        (&["check", "--root", &only], 1, "solo: non esiste. Controlla il percorso"),
        (&["law", "show", "naspi", "--root", &only], 1, "non posso leggere le cartelle services/ e content/"),
        (&["serve"], 1, "manca la configurazione"),
        (&["serve", "--config", &absent], 1, "assente: non esiste."),
        (&["serve", "--config", &broken], 1, "non è una configurazione: confrontala con deploy/sportello.toml"),
        (&["migrate", "--database", &book], 1, "libro.db: non si apre"),
        (
            &["migrate", "--database", "mysql://ugo:segreta@db/x"],
            1,
            "mysql://ugo:…@db/x: l’indirizzo deve cominciare con sqlite: o postgres://",
        ),
        (&["migrate", "--database", "mysql://db/x?password=segreta"], 1, "mysql://db/x?password=…: l’indirizzo deve"),
    ];
    for (arguments, code, told) in cases {
        let output = run(arguments);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {text}");
        assert!(text.contains(told), "{arguments:?}: {text}");
        assert!(!text.contains("segreta"), "{text}");
        // What a library says of a broken text is quoted behind our own words.
        let quoted = ["--config", "--database"].iter().any(|option| arguments.contains(option));
        assert!(quoted || FOREIGN.iter().all(|word| !text.contains(word)), "{arguments:?}: {text}");
    }
}
