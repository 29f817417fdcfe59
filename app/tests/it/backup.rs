//! Copies made while people apply, and books restored from them: the same book, or a refusal.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    thread,
};

use crate::{
    client::Client,
    killed::{book, log_agrees_with_book},
    program::{Program, run, stderr, stdout},
    world::root,
};

/// A person files an application; gives the place of the receipt and its number.
fn apply(url: &str, handle: &str) -> (String, u64) {
    let client = Client::new(url);
    client.log_in(handle);
    let receipt = client.apply("assegno-unico");
    (receipt.place.clone(), receipt.number())
}

fn checkpoint(url: &str, folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, Client::new(url).get("/registro/checkpoint").body).expect("it is written");
    path
}

pub fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A folder with the keys of another, and nothing else: where a book can be restored.
pub fn with_keys(of: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("keys")).expect("a folder");
    for key in fs::read_dir(of.join("keys")).expect("the keys").flatten() {
        let copy = folder.path().join("keys").join(key.file_name());
        fs::copy(key.path(), &copy).expect("it is copied");
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).expect("nobody else reads it");
    }
    fs::write(folder.path().join("dimostrazione.txt"), "").expect("it is marked");
    folder
}

pub fn told(arguments: &[&str]) -> (bool, String) {
    let output = run(arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert!(!text.contains("unreadable act"), "a book that is whole: {text}");
    (output.status.success(), text)
}

#[test]
fn a_copy_made_under_load_becomes_the_same_book_elsewhere() {
    let (data, copies) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut program = Program::start(data.path(), &root());
    let first = apply(&program.url, "chiara");
    let before = checkpoint(&program.url, copies.path(), "prima.txt");
    let applying: Vec<_> = ["elena", "giorgio", "francesca", "maria"]
        .map(|handle| (handle, program.url.clone()))
        .map(|(handle, url)| thread::spawn(move || apply(&url, handle)))
        .into();
    let copy = copies.path().join("copia");
    let (folder, file) = (shown(data.path()), shown(&copy));
    let (made, text) = told(&["backup", "--data", &folder, "--to", &file]);
    assert!(made && text.contains("✓ Copia in"), "{text}");
    for one in applying {
        one.join().expect("a receipt");
    }
    let after = checkpoint(&program.url, copies.path(), "dopo.txt");
    let (again, text) = told(&["backup", "--data", &folder, "--to", &file]);
    assert!(!again && text.contains("esiste già"), "{text}");

    let place = with_keys(data.path());
    let (empty, before, after) = (shown(place.path()), shown(&before), shown(&after));
    let (checked, text) = told(&["restore", "--check", "--data", &empty, "--from", &file, "--published", &before]);
    assert!(
        checked && text.contains("✓ Il punto di controllo pubblicato") && text.contains("Nulla è stato scritto"),
        "{text}"
    );
    let (older, text) = told(&["restore", "--data", &empty, "--from", &file, "--published", &after]);
    // The copy was made while four people applied: it may have had the good luck to hold them all.
    if older {
        assert!(text.contains("✓ Il punto di controllo pubblicato"), "{text}");
        fs::remove_file(place.path().join("sportello.db")).expect("it was restored");
    } else {
        assert!(text.contains("ne mancano") && text.contains("--accept-loss"), "{text}");
    }
    let files = fs::read_dir(place.path()).expect("the folder").count();
    assert_eq!(files, 2, "a refusal leaves nothing behind");
    let (restored, text) = told(&["restore", "--data", &empty, "--from", &file, "--published", &before]);
    assert!(restored && text.contains("ogni punto di controllo concorda"), "{text}");
    for path in [&copy, &place.path().join("sportello.db")] {
        let mode = fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "others of the machine can read {}", path.display());
    }
    let (missing, text) = told(&["restore", "--check", "--data", &empty, "--from", &file, "--seal", "non-esiste.crt"]);
    assert!(!missing && text.contains("non-esiste.crt"), "{text}");
    let (twice, text) = told(&["restore", "--data", &empty, "--from", &file]);
    assert!(!twice && text.contains("c’è già"), "{text}");

    program.kill();
    let url = format!("sqlite:{}", place.path().join("sportello.db").display());
    let (there, here) = (book(&format!("sqlite:{}", data.path().join("sportello.db").display())), book(&url));
    assert!(!here.is_empty() && there.starts_with(&here), "the copy is a beginning of the book");
    let program = Program::start(place.path(), &root());
    let client = Client::new(&program.url);
    client.log_in("chiara");
    assert_eq!(client.get(&first.0).number(), first.1, "a receipt of before");
    apply(&program.url, "sofia");
    drop(program);
    log_agrees_with_book(place.path(), &url);
}

#[test]
fn a_copy_that_cannot_be_put_in_its_place_leaves_nothing_behind() {
    let (data, copies) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    drop(Program::start(data.path(), &root()));
    // A folder that is not there: the book is copied beside it and sealed, and cannot take this name.
    let name = format!("{}/", shown(&copies.path().join("copia")));
    let (made, text) = told(&["backup", "--data", &shown(data.path()), "--to", &name]);
    assert!(!made && text.contains("copia/: in quel percorso c’è un file dove serve una cartella"), "{text}");
    assert_eq!(fs::read_dir(copies.path()).expect("the folder").count(), 0, "a refusal leaves nothing behind");
}

#[test]
fn an_altered_copy_a_copy_of_another_log_and_a_book_that_was_not_published_are_refused() {
    let (data, copies) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut program = Program::start(data.path(), &root());
    apply(&program.url, "chiara");
    program.kill();
    let copy = copies.path().join("copia");
    let (folder, file) = (shown(data.path()), shown(&copy));
    let (made, text) = told(&["backup", "--data", &folder, "--to", &file]);
    assert!(made, "{text}");
    let (sound, text) = told(&["restore", "--check", "--data", &folder, "--from", &file]);
    assert!(sound, "{text}");

    let bytes = fs::read(&copy).expect("the copy");
    let altered = shown(&copies.path().join("alterata"));
    let places = [
        0,
        18,
        100,
        4096,
        bytes.len() / 3,
        bytes.len() / 2,
        bytes.len() - 4000,
        bytes.len() - 300,
        bytes.len() - 30,
        bytes.len() - 1,
    ];
    for place in places {
        let mut other = bytes.clone();
        other[place] ^= 0x10;
        fs::write(&altered, &other).expect("it is written");
        let (taken, text) = told(&["restore", "--check", "--data", &folder, "--from", &altered]);
        assert!(!taken && (text.contains("alterata") || text.contains("non è una copia")), "byte {place}: {text}");
    }
    fs::write(&altered, &bytes[..bytes.len() - 1000]).expect("it is written");
    let (taken, text) = told(&["restore", "--check", "--data", &folder, "--from", &altered]);
    assert!(!taken && text.contains("troncata"), "{text}");

    let stranger = tempfile::tempdir().expect("a folder");
    let program = Program::start(stranger.path(), &root());
    apply(&program.url, "elena");
    let published = shown(&checkpoint(&program.url, copies.path(), "altrui.txt"));
    drop(program);
    let (taken, text) = told(&["restore", "--check", "--data", &shown(stranger.path()), "--from", &file]);
    assert!(!taken && text.contains("di un altro registro"), "{text}");
    let (taken, text) = told(&["restore", "--check", "--data", &folder, "--from", &file, "--published", &published]);
    assert!(!taken && text.contains("non è un punto di controllo firmato"), "{text}");
}
