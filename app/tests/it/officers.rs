//! Accounts of officers, made and ended on the command line beside the running program; and the table of what they may.

use crate::{
    client::Form,
    program::{run, stderr, stdout},
    world::{World, root},
};

/// The arguments of `sportello officer` for this world's book.
fn officer(world: &World, arguments: &[&str]) -> std::process::Output {
    let (url, root) = (world.database_url(), root().display().to_string());
    run(&[&["officer"], arguments, &["--database", url, "--root", &root]].concat())
}

#[test]
fn accounts_are_made_reset_and_ended_beside_the_running_program() {
    let world = World::new();
    let add = ["add", "ugo.prova", "--name", "Ugo Prova", "--office", "famiglia", "--role", "operator"];
    let added = officer(&world, &add);
    assert!(added.status.success(), "{}", stderr(&added));
    let told = stdout(&added);
    let password = told.lines().map(str::trim).find(|line| line.len() == 20).expect("a password").to_owned();
    let again = officer(&world, &add);
    assert!(!again.status.success() && stderr(&again).contains("c’è già"), "{}", stderr(&again));

    let ugo = world.visitor();
    let form = ugo.get("/ufficio/accesso").form("/ufficio/accesso").with("utente", "ugo.prova");
    let inside = ugo.post(&form.with("password", &password));
    assert_eq!(inside.status, 200, "{}", inside.words());
    assert_eq!(ugo.get("/ufficio/pratiche").status, 200);
    let forbidden = ugo.post(&Form { action: "/ufficio/decisioni-collettive".to_owned(), fields: Vec::new() });
    assert_eq!(forbidden.status, 403, "{}", forbidden.words());

    let listed = stdout(&officer(&world, &["list"]));
    let line = listed.lines().find(|line| line.starts_with("ugo.prova")).expect("the account");
    assert!(line.contains("famiglia · operator · senza seconda prova · ultimo accesso"), "{line}");
    assert!(officer(&world, &["reset-second-factor", "ugo.prova"]).status.success());
    assert!(ugo.get("/ufficio/pratiche").place.starts_with("/ufficio/accesso"), "what was open ended");

    assert!(officer(&world, &["disable", "ugo.prova"]).status.success());
    let twice = officer(&world, &["disable", "ugo.prova"]);
    assert!(!twice.status.success() && stderr(&twice).contains("già disattivato"), "{}", stderr(&twice));
    assert!(stdout(&officer(&world, &["list"])).contains("DISATTIVATO"));
}

#[test]
fn an_unknown_office_or_role_is_told_with_those_that_there_are() {
    let world = World::new();
    let add =
        |office, role| stderr(&officer(&world, &["add", "ugo", "--name", "Ugo", "--office", office, "--role", role]));
    assert!(add("altrove", "operator").contains("l’ufficio «altrove» non c’è"));
    assert!(add("famiglia", "capo").contains(
        "l’incarico «capo» non c’è: in content/roles.toml ci sono analyst, archivist, counter, facilitator, head"
    ));
}
